package io.kotangent.text;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.text.GraphDifference.Kind;
import io.kotangent.type.Port;
import io.kotangent.type.Requirement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Compares two graphs, and the bodies that stand in the same place of both.
final class GraphComparison {
  /// Nodes in the same place of both graphs.
  private record Pair(Node first, Node second, String where) {
  }

  /// A pair of what both have; one of them is empty if only the other graph has it.
  private record Match<T>(Optional<T> first, Optional<T> second) {
  }

  private final StructureNumbers numbers;
  private final NodeLines first;
  private final NodeLines second;
  private final String inside;
  private final List<GraphDifference> found = new ArrayList<>();
  private final List<GraphDifference> ends = new ArrayList<>();
  private final Map<String, String> renamed = new LinkedHashMap<>();
  private final Set<List<Integer>> seen = new HashSet<>();
  private final Deque<Pair> pending = new ArrayDeque<>();

  private GraphComparison(Graph first, Graph second, StructureNumbers numbers, String inside) {
    this.numbers = numbers;
    this.first = new NodeLines(first);
    this.second = new NodeLines(second);
    this.inside = inside;
  }

  static GraphDifferences of(Graph first, Graph second) {
    GraphComparison comparison =
        new GraphComparison(first, second, new StructureNumbers(), "");
    comparison.rename("graph " + first.name(), second.name(), first.name());
    comparison.inputs(first.inputs(), second.inputs());
    return new GraphDifferences(comparison.compare(), comparison.renamed);
  }

  private List<GraphDifference> compare() {
    numbers.nodes(first.graph());
    numbers.nodes(second.graph());
    requirements();
    results();
    updates();
    if (first.graph().guard().isPresent() || second.graph().guard().isPresent()) {
      roots(Kind.GUARD, "guard", first.graph().guard(), second.graph().guard());
    }
    while (!pending.isEmpty()) {
      nodes(pending.pop());
    }
    found.sort(Comparator.comparingInt(d -> d.first().map(first::place)
        .orElseGet(() -> d.second().map(second::place).orElse(0))));
    ends.addAll(found);
    return ends;
  }

  /// Those of bodies are known by their order.
  private void results() {
    List<Graph.Result> firsts = first.graph().results();
    List<Graph.Result> seconds = second.graph().results();
    List<Match<Graph.Result>> matches = inside.isEmpty()
        ? match(firsts, seconds, Graph.Result::name) : match(firsts, seconds);
    for (Match<Graph.Result> match : matches) {
      String where = "result " + match.first.or(match::second).orElseThrow().name();
      if (inside.isEmpty() && match.first.isPresent() && match.second.isPresent()) {
        rename(where, match.second.get().name(), match.first.get().name());
      }
      roots(Kind.RESULT, where, match.first.map(Graph.Result::node),
          match.second.map(Graph.Result::node));
    }
    moved(matches, seconds).forEach(match -> end(Kind.RESULT,
        "result " + match.first.orElseThrow().name() + ", which has another place",
        match.first.map(Graph.Result::node), match.second.map(Graph.Result::node)));
  }

  /// Those that stand before one in the second graph after which they stand in the first.
  private static <T> List<Match<T>> moved(List<Match<T>> matches, List<T> seconds) {
    List<Match<T>> moved = new ArrayList<>();
    int last = -1;
    for (Match<T> match : matches) {
      if (match.first.isPresent() && match.second.isPresent()) {
        int place = seconds.indexOf(match.second.get());
        if (place < last) {
          moved.add(match);
        }
        last = Math.max(last, place);
      }
    }
    return moved;
  }

  /// Those in the same place.
  private static <T> List<Match<T>> match(List<T> firsts, List<T> seconds) {
    List<Match<T>> matches = new ArrayList<>();
    for (int i = 0; i < Math.max(firsts.size(), seconds.size()); i++) {
      matches.add(new Match<>(i < firsts.size() ? Optional.of(firsts.get(i)) : Optional.empty(),
          i < seconds.size() ? Optional.of(seconds.get(i)) : Optional.empty()));
    }
    return matches;
  }

  private void rename(String what, String inSecond, String inFirst) {
    if (!inFirst.equals(inSecond)) {
      renamed.put(what, inSecond);
    }
  }

  /// Those of one name, then those that are left, in their order.
  private static <T> List<Match<T>> match(List<T> firsts, List<T> seconds,
      Function<T, String> name) {
    Map<String, T> others = new LinkedHashMap<>();
    seconds.forEach(second -> others.put(name.apply(second), second));
    Set<String> named = new LinkedHashSet<>();
    firsts.forEach(one -> named.add(name.apply(one)));
    Deque<T> left = new ArrayDeque<>();
    seconds.stream().filter(second -> !named.contains(name.apply(second))).forEach(left::add);
    List<Match<T>> matches = new ArrayList<>();
    for (T one : firsts) {
      T same = others.get(name.apply(one));
      matches.add(new Match<>(Optional.of(one),
          same != null ? Optional.of(same) : Optional.ofNullable(left.poll())));
    }
    left.forEach(other -> matches.add(new Match<>(Optional.empty(), Optional.of(other))));
    return matches;
  }

  private void inputs(List<Node> firsts, List<Node> seconds) {
    int place = 0;
    List<Match<Node>> matches = match(firsts, seconds, node -> Graph.port(node).name());
    for (Match<Node> match : matches) {
      int number = place++;
      match.first.ifPresent(input -> numbers.input(input, number));
      match.second.ifPresent(input -> numbers.input(input, number));
      Port port = Graph.port(match.first.or(match::second).orElseThrow());
      String where = port.role() + " " + port.name();
      Optional<Port> other = match.second.map(Graph::port);
      if (match.first.isEmpty() || other.isEmpty() || port.role() != other.get().role()
          || !port.type().equals(other.get().type())
          || !port.facts().equals(other.get().facts())) {
        end(Kind.PORT, where, match.first, match.second);
      } else {
        rename(where, other.get().name(), port.name());
      }
    }
    for (Match<Node> match : moved(matches, seconds)) {
      Port port = Graph.port(match.first.orElseThrow());
      end(Kind.PORT, port.role() + " " + port.name() + ", which has another place", match.first,
          match.second);
    }
  }

  private void requirements() {
    List<String> firsts = texts(first.graph());
    List<String> seconds = texts(second.graph());
    for (String text : firsts) {
      if (!seconds.contains(text)) {
        ends.add(new GraphDifference(Kind.REQUIREMENT, inside + "what it requires",
            Optional.empty(), Optional.empty(), "  - require " + text));
      }
    }
    for (String text : seconds) {
      if (!firsts.contains(text)) {
        ends.add(new GraphDifference(Kind.REQUIREMENT, inside + "what it requires",
            Optional.empty(), Optional.empty(), "  + require " + text));
      }
    }
  }

  private static List<String> texts(Graph graph) {
    return graph.requirements().stream().map(Requirement::toString).toList();
  }

  /// Updates belong together if their states do.
  private void updates() {
    Map<Integer, Graph.Update> others = new LinkedHashMap<>();
    second.graph().updates().forEach(update -> others.put(numbers.of(update.port()), update));
    for (Graph.Update update : first.graph().updates()) {
      Optional<Graph.Update> other =
          Optional.ofNullable(others.remove(numbers.of(update.port())));
      roots(Kind.UPDATE, "update of " + Graph.port(update.port()).name(),
          Optional.of(update.value()), other.map(Graph.Update::value));
    }
    others.values().forEach(update -> roots(Kind.UPDATE,
        "update of " + Graph.port(update.port()).name(), Optional.empty(),
        Optional.of(update.value())));
  }

  private void roots(Kind kind, String where, Optional<Node> one, Optional<Node> other) {
    if (one.isPresent() && other.isPresent()) {
      pending.addLast(new Pair(one.get(), other.get(), where));
    } else {
      end(kind, where, one, other);
    }
  }

  private void end(Kind kind, String where, Optional<Node> one, Optional<Node> other) {
    ends.add(difference(kind, where, one, other));
  }

  private GraphDifference difference(Kind kind, String where, Optional<Node> one,
      Optional<Node> other) {
    List<String> lines = new ArrayList<>();
    one.ifPresent(node -> lines.add("  - " + first.line(node)));
    other.ifPresent(node -> lines.add("  + " + second.line(node)));
    return new GraphDifference(kind, inside + where, one, other, String.join("\n", lines));
  }

  private void nodes(Pair pair) {
    Node a = pair.first;
    Node b = pair.second;
    if (numbers.of(a) == numbers.of(b) || !seen.add(List.of(numbers.of(a), numbers.of(b)))) {
      return;
    }
    Optional<Node> below = Optional.empty();
    if (!alike(a, b)) {
      below = among(b.operands(), a);
      if (below.isPresent()) {
        found.add(difference(Kind.NODE, pair.where, Optional.empty(), Optional.of(b)));
        pending.push(new Pair(a, below.get(), pair.where));
        return;
      }
      below = among(a.operands(), b);
      if (below.isPresent()) {
        found.add(difference(Kind.NODE, pair.where, Optional.of(a), Optional.empty()));
        pending.push(new Pair(below.get(), b, pair.where));
        return;
      }
      found.add(difference(Kind.NODE, pair.where, Optional.of(a), Optional.of(b)));
    } else {
      bodies(pair);
    }
    if (a.operands().size() == b.operands().size()) {
      for (int i = a.operands().size() - 1; i >= 0; i--) {
        pending.push(new Pair(a.operand(i), b.operand(i), pair.where));
      }
    }
  }

  /// Whether two nodes do the same, perhaps with other bodies and of other operands.
  private static boolean alike(Node a, Node b) {
    return !(a.op() instanceof Op.Input) && a.operands().size() == b.operands().size()
        && a.op().bodies().size() == b.op().bodies().size()
        && StructureNumbers.op(a).equals(StructureNumbers.op(b));
  }

  /// The operand that is the node, or does the same.
  private Optional<Node> among(List<Node> operands, Node node) {
    return operands.stream().filter(operand -> numbers.of(operand) == numbers.of(node)).findFirst()
        .or(() -> operands.stream().filter(operand -> alike(operand, node)).findFirst());
  }

  private void bodies(Pair pair) {
    List<Graph> firsts = pair.first.op().bodies();
    List<Graph> seconds = pair.second.op().bodies();
    for (int i = 0; i < firsts.size(); i++) {
      if (numbers.graph(firsts.get(i)) != numbers.graph(seconds.get(i))) {
        String where = inside + "in " + first.name(pair.first) + ", graph "
            + firsts.get(i).name() + ", ";
        GraphComparison within =
            new GraphComparison(firsts.get(i), seconds.get(i), numbers, where);
        within.bodyInputs();
        found.addAll(within.compare());
      }
    }
  }

  /// The inputs of bodies are known by their order.
  private void bodyInputs() {
    int number = 0;
    for (Match<Node> match : match(first.graph().inputs(), second.graph().inputs())) {
      number++;
      if (match.first.isEmpty() || match.second.isEmpty()
          || numbers.of(match.first.get()) != numbers.of(match.second.get())) {
        end(Kind.PORT, "input " + number, match.first, match.second);
      }
    }
  }
}
