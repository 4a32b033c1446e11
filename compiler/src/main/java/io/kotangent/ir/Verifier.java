package io.kotangent.ir;

import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Requirement;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Every invariant of a graph, one method each.
public final class Verifier {
  private record Computation(Op op, List<Node> operands, String stream) {
  }

  private final Graph graph;
  private final List<String> violations = new ArrayList<>();

  private Verifier(Graph graph) {
    this.graph = graph;
  }

  /// What is wrong with a graph and the bodies that it uses; empty for a graph that [GraphBuilder] made well.
  public static List<String> violations(Graph graph) {
    List<String> all = new ArrayList<>();
    Set<Graph> seen = new HashSet<>(Set.of(graph));
    Deque<Graph> waiting = new ArrayDeque<>(seen);
    while (!waiting.isEmpty()) {
      Graph next = waiting.pop();
      all.addAll(new Verifier(next).check());
      for (Node node : next.schedule()) {
        node.op().bodies().stream().filter(seen::add).forEach(waiting::push);
      }
    }
    return all;
  }

  /// The graph itself; a [KotangentException] lists all violations.
  public static Graph verify(Graph graph) {
    List<String> found = violations(graph);
    if (!found.isEmpty()) {
      throw new KotangentException(
          "graph " + graph.name() + " is not valid:\n  " + String.join("\n  ", found));
    }
    return graph;
  }

  /// What the nodes of a graph assume of sizes and does not follow from its requirements; nothing of a valid graph.
  public static List<Requirement> missing(Graph graph) {
    List<Requirement> missing = new ArrayList<>();
    Set<String> known = new HashSet<>();
    Assumptions assumptions = Assumptions.of(graph);
    for (Node node : graph.schedule()) {
      List<Requirement> needed = new ArrayList<>();
      TypeRule.infer(node.op(), node.operands(), node.origin(), needed);
      needed.removeIf(r -> assumptions.imply(r) || !known.add(r.toString()));
      missing.addAll(needed);
    }
    return missing;
  }

  private List<String> check() {
    inputsAreDeclared();
    operandsComeBeforeTheirUses();
    equalComputationsAreOneNode();
    typesAreAsInferred();
    sumOrdersListTheSummedLabels();
    resultsAreTensors();
    updatesAreOfStatePorts();
    guardIsABoolScalar();
    slotsBelongToPorts();
    return violations;
  }

  private void unless(boolean holds, Object where, String violation) {
    if (!holds) {
      violations.add(graph.name() + ": " + where + ": " + violation);
    }
  }

  private void inputsAreDeclared() {
    Set<Node> inputs = Collections.newSetFromMap(new IdentityHashMap<>());
    inputs.addAll(graph.inputs());
    unless(inputs.size() == graph.inputs().size(), "inputs", "one is listed twice");
    for (Node node : graph.schedule()) {
      unless(node.op() instanceof Op.Input == inputs.contains(node), node,
          "inputs are the graph's, and only those");
    }
  }

  private void operandsComeBeforeTheirUses() {
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Node node : graph.schedule()) {
      for (Node operand : node.operands()) {
        if (!seen.contains(operand) || operand.id() >= node.id()) {
          unless(false, node, "an operand " + operand + " that comes later");
        }
      }
      seen.add(node);
    }
  }

  private void equalComputationsAreOneNode() {
    Map<Computation, Node> known = new HashMap<>();
    for (Node node : graph.schedule()) {
      Node twin =
          known.putIfAbsent(new Computation(node.op(), node.operands(), node.stream()), node);
      if (twin != null) {
        unless(false, node, "the same computation as " + twin + ", so of another builder");
      }
    }
  }

  private void typesAreAsInferred() {
    Assumptions known = Assumptions.of(graph);
    for (Node node : graph.schedule()) {
      try {
        List<Requirement> needed = new ArrayList<>();
        var inferred = TypeRule.infer(node.op(), node.operands(), node.origin(), needed);
        unless(inferred.equals(node.valueType()), node, "a type that should be " + inferred);
        needed.forEach(r -> unless(known.imply(r), node, "needs the requirement " + r));
      } catch (KotangentException e) {
        unless(false, node, e.getMessage());
      }
    }
  }

  private void sumOrdersListTheSummedLabels() {
    for (Node node : graph.schedule()) {
      switch (node.op()) {
        case Op.Reduce reduce -> {
          StringBuilder labels = new StringBuilder();
          reduce.axes().forEach(axis -> labels.append((char) ('a' + axis)));
          sum(node, reduce.order(), reduce.accumulator(), labels.toString());
        }
        case Op.Contract c ->
            sum(node, c.order(), c.accumulator(), SumOrder.summed(c.left(), c.result()));
        case Op.Convolve c ->
            sum(node, c.order(), c.accumulator(), SumOrder.ofConvolution(c.kernel()).labels());
        case Op.Source _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Control _, Op.Item _ -> {
        }
      }
    }
  }

  private void sum(Node node, SumOrder order, DType accumulator, String summed) {
    List<Integer> wanted = summed.chars().sorted().boxed().toList();
    unless(order.labels().chars().sorted().boxed().toList().equals(wanted), node,
        "the order " + order + " does not list the summed labels " + summed);
    DType element = node.operand(0).dtype();
    unless(
        accumulator.isFloat() == element.isFloat()
            && accumulator.isInteger() == element.isInteger(),
        node,
        "cannot accumulate " + element + " in " + accumulator);
  }

  private void resultsAreTensors() {
    for (Graph.Result result : graph.results()) {
      unless(result.node().valueType() instanceof TensorType, "result '" + result.name() + "'",
          "is no tensor");
    }
  }

  private void updatesAreOfStatePorts() {
    Set<Node> updated = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Graph.Update update : graph.updates()) {
      boolean state = update.port().op() instanceof Op.Input(var port) && port.role() == Role.STATE
          && graph.inputs().contains(update.port());
      unless(state, update.port(), "updated, but no state port of the graph");
      unless(updated.add(update.port()), update.port(), "updated twice");
      unless(update.value().valueType().equals(update.port().valueType()), update.port(),
          "updated with a value of type " + update.value().valueType());
    }
  }

  private void guardIsABoolScalar() {
    graph.guard().ifPresent(g -> unless(g.valueType().equals(TensorType.scalar(DType.BOOL)), g,
        "a guard is a bool scalar"));
  }

  private void slotsBelongToPorts() {
    Map<String, Port> ports = graph.ports().stream().collect(Collectors.toMap(Port::name, p -> p));
    for (Port port : graph.ports()) {
      port.slot().ifPresent(slot -> {
        Port owner = ports.getOrDefault(slot.of(), port);
        unless(owner != port, port, "there is no port '" + slot.of() + "'");
        unless(owner.type().shape().equals(port.type().shape()), port,
            "has not the shape of " + owner);
      });
    }
  }
}
