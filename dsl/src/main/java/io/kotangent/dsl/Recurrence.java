package io.kotangent.dsl;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.ShapeException;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// Traces the body of a loop and makes the loop. The body is traced like everything else, from placeholders; then what
/// depends on them (and what costs nothing to repeat) becomes a graph of its own, and the rest its invariants.
final class Recurrence {
  /// From carried values and a slice to the next carried values.
  @FunctionalInterface
  interface Body {
    List<Value> step(List<Value> carried, Value slice);
  }

  /// What a loop gives: the last carried values, and the first carried value of every step (or what is made of it).
  record Result(List<Value> last, Value all) {
  }

  private final Trace trace;
  private final String name;
  private final Bodies.Body body;
  private final Value first;
  private final List<Value> start;
  private final List<Value> carried = new ArrayList<>();
  private final Value slice;

  private Recurrence(Value x, int axis, List<Value> start, String name, Bodies.Body body) {
    this.trace = x.trace();
    this.name = name;
    this.body = body;
    this.start = start;
    List<Integer> order = new ArrayList<>(List.of(axis));
    IntStream.range(0, x.rank()).filter(i -> i != axis).forEach(order::add);
    this.first = axis == 0 ? x : trace.permute(x, order);
    for (Value value : start) {
      carried.add(placeholder("state" + carried.size(), value.node().type(), value.axes()));
    }
    List<Extent> inner = first.axes().subList(1, first.rank());
    this.slice = placeholder("slice", new TensorType(x.node().dtype(), Extent.shape(inner)), inner);
  }

  static Result over(Value x, int axis, List<Value> start, Body body) {
    return over(x, axis, start, body, value -> value);
  }

  /// @param output what every step gives of the first carried value
  static Result over(Value x, int axis, List<Value> start, Body body,
      UnaryOperator<Value> output) {
    String name = Model.of(x.trace()).layer("scan");
    Trace trace = x.trace();
    trace.checkOwn(x);
    start.forEach(trace::checkOwn);
    try (var _ = trace.enter(name); var of = trace.bodies().open(name, trace.here().place())) {
      Recurrence recurrence = new Recurrence(x, axis, start, name, of);
      List<Value> next = body.step(recurrence.carried, recurrence.slice);
      return recurrence.loop(next, output.apply(next.getFirst()));
    }
  }

  private Value placeholder(String what, TensorType type, List<Extent> axes) {
    Value made = trace.input(new Port(trace.scopePath() + "?" + what, Role.INPUT, type), axes);
    trace.bodies().add(body, made.node());
    return made;
  }

  private Result loop(List<Value> next, Value output) {
    for (int i = 0; i < start.size(); i++) {
      trace.checkOwn(next.get(i));
      checkStays(start.get(i), next.get(i));
    }
    List<Node> results = new ArrayList<>(next.stream().map(Value::node).toList());
    results.add(output.node());
    Node loop = loop(results, Set.of());
    addDetours(loop, results);
    return items(loop);
  }

  /// Every iteration gives the next one what it got itself: the same axes, in the same sizes.
  private void checkStays(Value start, Value next) {
    List<String> names = start.axes().stream().map(Extent::name).toList();
    if (!names.equals(next.axes().stream().map(Extent::name).toList())
        || !start.node().type().equals(next.node().type())) {
      throw new ShapeException("scan: the start is " + Extent.text(start.axes()) + start.madeAt()
          + ", but the next state is " + Extent.text(next.axes()) + next.madeAt() + trace.usedAt()
          + ": expected the same axes");
    }
  }

  /// What was made before the loop and is repeated inside is gone round; so is what a form inside goes round.
  private void addDetours(Node loop, List<Node> results) {
    Set<Node> forms = trace.detours().made();
    for (Node node : inside(results, Set.of())) {
      boolean repeated = node.id() < slice.node().id() && node.type().dtype().isFloat();
      for (int i = 0; i <= start.size() && (repeated || forms.contains(node)); i++) {
        int item = i;
        trace.detours().add(trace.builder().item(loop, item), node, target -> {
          List<Node> direct =
              results.stream().map(r -> trace.detours().through(r, target)).toList();
          return trace.builder().item(loop(direct, Set.of(target)), item);
        });
      }
    }
  }

  /// The loop that repeats all it can inside but these nodes. Its results are the next carried values and the output.
  private Node loop(List<Node> results, Set<Node> outside) {
    List<Node> inside = inside(results, outside);
    Map<Node, Node> inputs = new LinkedHashMap<>();
    GraphBuilder body = new GraphBuilder();
    carried
        .forEach(c -> inputs.put(c.node(), body.input(named(c.node(), "state" + inputs.size()))));
    inputs.put(slice.node(), body.input(named(slice.node(), "slice")));
    Map<Node, Node> copies = copied(body, inside, inputs);
    List<Node> invariants = inputs.keySet().stream().skip(carried.size() + 1L).toList();
    List<Graph.Result> outcome = new ArrayList<>();
    for (Node result : results) {
      String named = outcome.size() < carried.size() ? "next" + outcome.size() : "output";
      outcome.add(new Graph.Result(named, copies.getOrDefault(result, result)));
    }
    return looped(body.graph(name, List.copyOf(inputs.values()), outcome), invariants);
  }

  /// The port of an input of the body; the training flag stays what it is.
  private static Port named(Node node, String input) {
    return Model.isTrainingFlag(node) ? Graph.port(node) : new Port(input, Role.INPUT, node.type());
  }

  private static Map<Node, Node> copied(GraphBuilder body, List<Node> inside,
      Map<Node, Node> inputs) {
    Map<Node, Node> copies = new HashMap<>(inputs);
    for (Node node : inside) {
      for (Node operand : node.operands()) {
        if (!copies.containsKey(operand)) {
          Node input = body.input(named(operand, "given" + inputs.size()));
          inputs.put(operand, input);
          copies.put(operand, input);
        }
      }
      body.at(node.origin());
      copies.put(node, body.add(node.op(),
          node.operands().stream().map(o -> copies.getOrDefault(o, o)).toList()));
    }
    return copies;
  }

  /// What the body computes itself, operands first: what depends on a placeholder, draws, constants, broadcasts.
  private List<Node> inside(List<Node> results, Set<Node> outside) {
    List<Node> order = new ArrayList<>();
    Set<Node> seen = new HashSet<>();
    results.forEach(root -> Graph.visit(root, seen, order));
    Set<Node> placeholders = new HashSet<>(List.of(slice.node()));
    carried.forEach(c -> placeholders.add(c.node()));
    Set<Node> inner = new HashSet<>();
    for (Node node : order) {
      boolean inBody = switch (node.op()) {
        case Op.Input _ -> false;
        case Op.Constant _, Op.Iota _, Op.Size _, Op.Broadcast _ -> true;
        case Op.Random _ -> node.id() > slice.node().id();
        case Op.Lane _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ ->
            node.operands().stream().anyMatch(o -> placeholders.contains(o) || depends(o, inner));
      };
      if (inBody && !outside.contains(node)) {
        inner.add(node);
      }
    }
    needed(results, inner);
    return order.stream().filter(inner::contains).toList();
  }

  /// Whether being inside makes users be inside: a broadcast or constant that is merely repeated does not.
  private static boolean depends(Node node, Set<Node> inner) {
    return inner.contains(node) && switch (node.op()) {
      case Op.Constant _, Op.Iota _, Op.Size _ -> false;
      case Op.Broadcast _ -> depends(node.operand(0), inner) || isPlaceholder(node.operand(0));
      case Op.Source _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ -> true;
    };
  }

  private static boolean isPlaceholder(Node node) {
    return node.op() instanceof Op.Input(Port port) && port.name().contains("?")
        && !Model.isTrainingFlag(node);
  }

  /// Keeps of `inner` what the results need without going through an invariant.
  private static void needed(List<Node> results, Set<Node> inner) {
    Set<Node> reached = new HashSet<>();
    List<Node> open = new ArrayList<>(results);
    while (!open.isEmpty()) {
      Node node = open.removeLast();
      if (inner.contains(node) && reached.add(node)) {
        open.addAll(node.operands());
      }
    }
    inner.retainAll(reached);
  }

  private Node looped(Graph body, List<Node> invariants) {
    Dim count = first.axis(0).size();
    List<Node> operands = new ArrayList<>();
    start.forEach(s -> operands.add(s.node()));
    operands.add(first.node());
    operands.addAll(invariants);
    GraphBuilder builder = trace.builder();
    builder.at(trace.here());
    return builder.add(new Op.Loop(body, count, start.size(), 1, false), operands);
  }

  private Result items(Node loop) {
    List<Value> last = new ArrayList<>();
    for (Value value : start) {
      int item = last.size();
      last.add(trace.node(b -> b.item(loop, item), value.axes()));
    }
    List<Extent> stacked = new ArrayList<>(List.of(first.axis(0)));
    stacked.addAll(start.getFirst().axes());
    return new Result(last, trace.node(b -> b.item(loop, start.size()), stacked));
  }
}
