package io.kotangent.ir;

import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Requirement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/// An immutable function: named inputs, named results, updates of its state ports, and a guard under which
/// all updates are committed, or none. Equal when structurally equal (names of inputs and results count,
/// origins do not).
public final class Graph {
  /// A named result.
  public record Result(String name, Node node) {
  }

  /// The new value of a state port.
  public record Update(Node port, Node value) {
  }

  /// The most characters of a name.
  public static final int LONGEST_NAME = 1000;
  /// How deep graphs may be nested, this one counted.
  public static final int DEEPEST = 200;
  private static final int SHOWN = 40;
  private static final int MOST_SHOWN = 200;

  private final String name;
  private final List<Node> inputs;
  private final List<Result> results;
  private final List<Update> updates;
  private final Optional<Node> guard;
  private final List<Requirement> requirements;
  private volatile List<Node> schedule = List.of();
  private volatile List<Object> structure = List.of();
  private volatile int hash;
  private volatile int depth;
  private volatile Optional<Boolean> draws = Optional.empty();

  /// Use [GraphBuilder#graph].
  public Graph(String name, List<Node> inputs, List<Result> results, List<Update> updates,
      Optional<Node> guard,
      List<Requirement> requirements) {
    this.name = checkedName("graph", name);
    results.forEach(result -> checkedName("result of graph " + name, result.name()));
    this.inputs = List.copyOf(inputs);
    this.results = List.copyOf(results);
    this.updates = List.copyOf(updates);
    this.guard = guard;
    Map<String, Requirement> distinct = new LinkedHashMap<>();
    requirements.forEach(r -> distinct.putIfAbsent(r.toString(), r));
    this.requirements = List.copyOf(distinct.values());
    Set<String> names = new HashSet<>();
    for (Node input : inputs) {
      if (!names.add(port(input).name())) {
        throw new KotangentException(
            "graph " + name + ": two inputs are called '" + port(input).name() + "'");
      }
    }
    names.clear();
    for (Result result : results) {
      if (!names.add(result.name())) {
        throw new KotangentException("graph " + name + ": two results are called '" + result.name()
            + "'; give one another name");
      }
    }
  }

  public String name() {
    return name;
  }

  /// The name, if it is not too long.
  ///
  /// @param what is called so
  public static String checkedName(String what, String name) {
    if (name.length() > LONGEST_NAME) {
      throw new KotangentException(what + " '" + name.substring(0, SHOWN)
          + "…': expected a name of at most " + LONGEST_NAME + " characters, got one of "
          + name.length());
    }
    return name;
  }

  /// How deep it is nested: 1, and the depth of the deepest graph that it applies.
  int depth() {
    int result = depth;
    if (result == 0) {
      for (Node node : schedule()) {
        for (Graph body : node.op().bodies()) {
          result = Math.max(result, body.depth());
        }
      }
      result++;
      depth = result;
    }
    return result;
  }

  /// The input nodes, in order.
  public List<Node> inputs() {
    return inputs;
  }

  public List<Port> ports() {
    return inputs.stream().map(Graph::port).toList();
  }

  public List<Result> results() {
    return results;
  }

  public List<Update> updates() {
    return updates;
  }

  /// A bool scalar; updates are committed only when it is true.
  public Optional<Node> guard() {
    return guard;
  }

  /// What is assumed of symbolic sizes.
  public List<Requirement> requirements() {
    return requirements;
  }

  public Node result(String resultName) {
    return results.stream().filter(r -> r.name().equals(resultName)).findFirst().map(Result::node)
        .orElseThrow(
            () -> new KotangentException(
                "graph " + name + " has no result '" + resultName + "': expected one of "
                    + results.stream().map(Result::name).toList()));
  }

  public Node input(String inputName) {
    return inputs.stream().filter(n -> port(n).name().equals(inputName)).findFirst().orElseThrow(
        () -> new KotangentException(
            "graph " + name + " has no input '" + inputName + "': expected one of "
                + ports().stream().map(Port::name).toList()));
  }

  /// The port of an input node.
  public static Port port(Node input) {
    if (input.op() instanceof Op.Input(Port port)) {
      return port;
    }
    throw new KotangentException(input + " is not an input");
  }

  /// The roots: results, then update values, then the guard.
  public List<Node> roots() {
    List<Node> roots = new ArrayList<>();
    results.forEach(r -> roots.add(r.node()));
    updates.forEach(u -> roots.add(u.value()));
    guard.ifPresent(roots::add);
    return roots;
  }

  /// All inputs, then every node that a root needs, operands first; deterministic.
  public List<Node> schedule() {
    List<Node> result = schedule;
    if (result.isEmpty()) {
      Set<Node> seen = java.util.Collections.newSetFromMap(new IdentityHashMap<>());
      List<Node> order = new ArrayList<>(inputs);
      seen.addAll(inputs);
      for (Node root : roots()) {
        visit(root, seen, order);
      }
      result = List.copyOf(order);
      schedule = result;
    }
    return result;
  }

  /// Appends what `root` needs and is not in `seen` to `order`, operands first, without recursion.
  public static void visit(Node root, Set<Node> seen, List<Node> order) {
    record Frame(Node node, int[] next) {
    }
    if (!seen.add(root)) {
      return;
    }
    Deque<Frame> stack = new ArrayDeque<>();
    stack.push(new Frame(root, new int[1]));
    while (!stack.isEmpty()) {
      Frame frame = stack.peek();
      if (frame.next[0] < frame.node.operands().size()) {
        Node operand = frame.node.operands().get(frame.next[0]++);
        if (seen.add(operand)) {
          stack.push(new Frame(operand, new int[1]));
        }
      } else {
        order.add(frame.node);
        stack.pop();
      }
    }
  }

  /// The graph as a flat list that is equal for structurally equal graphs.
  private List<Object> structure() {
    List<Object> result = structure;
    if (result.isEmpty()) {
      Map<Node, Integer> numbers = new IdentityHashMap<>();
      List<Object> flat = new ArrayList<>();
      flat.add(name);
      flat.add(inputs.size());
      for (Node node : schedule()) {
        numbers.put(node, numbers.size());
        flat.add(node.op());
        flat.add(node.stream());
        flat.add(node.valueType());
        node.operands().forEach(o -> flat.add(numbers.get(o)));
      }
      results.forEach(r -> {
        flat.add(r.name());
        flat.add(numbers.get(r.node()));
      });
      updates.forEach(u -> {
        flat.add(numbers.get(u.port()));
        flat.add(numbers.get(u.value()));
      });
      flat.add(guard.map(numbers::get));
      flat.add(requirements.stream().map(Requirement::toString).toList());
      result = flat;
      structure = result;
    }
    return result;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof Graph graph && hashCode() == graph.hashCode()
            && structure().equals(graph.structure());
  }

  @Override
  public int hashCode() {
    int result = hash;
    if (result == 0) {
      result = structure().hashCode();
      hash = result;
    }
    return result;
  }

  /// As a text of graphs, but numbered as its builder did, without its bodies, and of at most 200 nodes: for messages.
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner("\n  ", "graph " + NameText.print(name) + "("
        + ports().stream().map(Port::toString).collect(Collectors.joining(", ")) + ") {\n  ",
        "\n}");
    requirements.forEach(requirement -> text.add("require " + requirement));
    List<Node> nodes = schedule().subList(inputs.size(), schedule().size());
    nodes.subList(0, Math.min(MOST_SHOWN, nodes.size())).forEach(node -> text.add(node.toString()));
    if (nodes.size() > MOST_SHOWN) {
      text.add("… " + (nodes.size() - MOST_SHOWN) + " more");
    }
    guard.ifPresent(node -> text.add("guard " + node.name()));
    updates.forEach(u -> text.add("update " + u.port().name() + " = " + u.value().name()));
    return text.add("return " + results.stream().map(r -> NameText.print(r.name()) + "="
        + r.node().name()).collect(Collectors.joining(", "))).toString();
  }

  /// Whether it or a graph that it applies draws random bits.
  public boolean draws() {
    Optional<Boolean> known = draws;
    if (known.isEmpty()) {
      known = Optional.of(withBodies().stream().flatMap(graph -> graph.schedule().stream())
          .anyMatch(node -> node.op() instanceof Op.Random));
      draws = known;
    }
    return known.get();
  }

  /// All graphs that this one applies, directly or not, each instance once and before those that apply it; last, itself.
  public List<Graph> withBodies() {
    record Frame(Graph graph, Iterator<Graph> bodies) {
      static Frame of(Graph graph) {
        List<Graph> bodies = new ArrayList<>();
        graph.schedule().forEach(node -> bodies.addAll(node.op().bodies()));
        return new Frame(graph, bodies.iterator());
      }
    }
    List<Graph> order = new ArrayList<>();
    Set<Graph> done = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Frame> stack = new ArrayDeque<>();
    stack.push(Frame.of(this));
    while (!stack.isEmpty()) {
      Frame frame = stack.peek();
      if (!frame.bodies.hasNext()) {
        stack.pop();
        done.add(frame.graph);
        order.add(frame.graph);
        continue;
      }
      Graph body = frame.bodies.next();
      if (!done.contains(body)) {
        stack.push(Frame.of(body));
      }
    }
    return order;
  }
}
