package io.kotangent.dsl;

import io.kotangent.autodiff.Gradient;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Origin;
import io.kotangent.ir.ScalarFn;
import io.kotangent.pass.Pipeline;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Requirement;
import io.kotangent.type.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Makes the graphs of a [Training].
final class TrainingGraphs {
  static final String GRADIENT = "grad.";
  static final String NEXT = "next.";
  static final String OK = "ok";
  static final String LOSS = "loss";

  private TrainingGraphs() {
  }

  static Graph gradients(Model model, Scalar loss) {
    if (loss.value().trace() != model.trace()) {
      throw new KotangentException(
          "minimize: the loss" + loss.value().madeAt() + " is of another model than '"
              + model.name() + "'");
    }
    model.trace().checkOwn(loss.value());
    if (model.declared().parameters().isEmpty()) {
      throw new KotangentException(
          "minimize: model '" + model.name() + "' has no parameters, so there"
              + " is nothing to train" + model.trace().usedAt()
              + ": declare some by parameter(..) or layers, or take graph(..) to compute only");
    }
    List<Node> roots = new ArrayList<>(List.of(loss.node()));
    roots.addAll(model.declared().nexts().values());
    Specialized forward = new Specialized(true, roots);
    Set<Node> needed = new HashSet<>(forward.inputs());
    needed.addAll(model.declared().parameters().keySet());
    GraphBuilder b = new GraphBuilder();
    Map<Node, Node> ports = ModelGraphs.ports(model, needed, b);
    Specialized.Copies copies = forward.copy(b, ports);
    List<Graph.Result> results = new ArrayList<>();
    results.add(new Graph.Result(LOSS, copies.of(loss.node())));
    model.declared().nexts().forEach((state, next) -> results
        .add(new Graph.Result(NEXT + Graph.port(state).name(), copies.of(next))));
    Graph written = b.graph(model.name() + "_gradients", List.copyOf(ports.values()), results);
    Graph stable = model.isStabilized() ? Pipeline.beforeGradient().apply(written) : written;
    Set<String> parameters = new LinkedHashSet<>();
    model.declared().parameters().keySet()
        .forEach(parameter -> parameters.add(Graph.port(parameter).name()));
    return withGradients(stable, List.copyOf(parameters));
  }

  /// A graph with its loss, whether all is finite, the gradients of the loss by parameters, and its other results.
  private static Graph withGradients(Graph forward, List<String> parameters) {
    GraphBuilder b = new GraphBuilder();
    Map<Node, Node> copies = b.copy(forward);
    Node loss = copy(copies, forward.result(LOSS));
    Map<String, Node> ports = new HashMap<>();
    forward.inputs().forEach(input -> ports.put(Graph.port(input).name(), copy(copies, input)));
    List<Node> targets = new ArrayList<>();
    parameters.forEach(name -> targets.add(Objects.requireNonNull(ports.get(name))));
    List<Node> gradients = Gradient.gradients(b, LOSS, loss, targets);
    List<Graph.Result> results = new ArrayList<>();
    results.add(new Graph.Result(LOSS, loss));
    results.add(new Graph.Result(OK, allFinite(b, loss, gradients)));
    for (int i = 0; i < targets.size(); i++) {
      results.add(new Graph.Result(GRADIENT + parameters.get(i), gradients.get(i)));
    }
    for (Graph.Result result : forward.results()) {
      if (!result.name().equals(LOSS)) {
        results.add(new Graph.Result(result.name(), copy(copies, result.node())));
      }
    }
    List<Node> inputs = new ArrayList<>();
    forward.inputs().forEach(input -> inputs.add(copy(copies, input)));
    return b.graph(forward.name(), inputs, results);
  }

  private static Node lossIsFinite(GraphBuilder b, Node loss) {
    Origin before = b.at(new Origin("guard", loss.origin().place()));
    Node finite = b.map(ScalarFn.IS_FINITE, loss);
    b.at(before);
    return finite;
  }

  /// Whether the loss and every element of every gradient is finite.
  private static Node allFinite(GraphBuilder b, Node loss, List<Node> gradients) {
    Node ok = lossIsFinite(b, loss);
    Origin before = b.at(new Origin("guard", loss.origin().place()));
    for (Node gradient : gradients) {
      Node finite = b.map(ScalarFn.IS_FINITE, gradient);
      List<Integer> axes = Statistics.axesBefore(gradient.type().rank());
      ok = b.map(ScalarFn.AND, ok,
          axes.isEmpty() ? finite : b.reduce(Op.Reduction.ALL, finite, axes));
    }
    b.at(before);
    return ok;
  }

  /// `update ∘ gradients`, where the update looks at the gradients and only the loss is left to check: results of the one by name for inputs of the other, one port for a parameter of both.
  static Graph step(String name, Graph gradients, Graph update) {
    GraphBuilder b = new GraphBuilder();
    Map<String, Node> ports = new HashMap<>();
    List<Node> order = new ArrayList<>();
    for (Port port : stepPorts(gradients, update)) {
      Node node = b.input(port);
      ports.put(port.name(), node);
      order.add(node);
    }
    Map<Node, Node> copies = new HashMap<>();
    feed(gradients, ports, copies);
    b.copy(gradients.roots(), copies);
    for (Requirement requirement : gradients.requirements()) {
      b.require(requirement);
    }
    Map<String, Node> given = new HashMap<>(ports);
    for (Graph.Result result : gradients.results()) {
      given.put(result.name(), copy(copies, result.node()));
    }
    given.put(OK, lossIsFinite(b, copy(copies, gradients.result(LOSS))));
    Map<Node, Node> updated = new HashMap<>();
    feed(update, given, updated);
    b.copy(update.roots(), updated);
    List<Graph.Update> updates = new ArrayList<>();
    for (Graph.Update u : update.updates()) {
      updates.add(new Graph.Update(copy(updated, u.port()), copy(updated, u.value())));
    }
    Graph.Result loss = new Graph.Result(LOSS, copy(copies, gradients.result(LOSS)));
    return b.graph(name, order, List.of(loss), updates,
        update.guard().map(guard -> copy(updated, guard)));
  }

  /// Puts what is given by name for the inputs of a graph.
  private static void feed(Graph graph, Map<String, Node> given, Map<Node, Node> copies) {
    for (Node input : graph.inputs()) {
      copies.put(input, Objects.requireNonNull(given.get(Graph.port(input).name())));
    }
  }

  private static Node copy(Map<Node, Node> copies, Node node) {
    return Objects.requireNonNull(copies.get(node));
  }

  /// What is fed to either half and given by none; then what is stored: plain ports, what is only read, slots.
  private static List<Port> stepPorts(Graph gradients, Graph update) {
    List<Port> ports = new ArrayList<>();
    Set<String> known = new HashSet<>();
    for (Graph.Result result : gradients.results()) {
      known.add(result.name());
    }
    for (Port port : gradients.ports()) {
      if (port.role() == Role.INPUT) {
        ports.add(port);
      }
    }
    List<Port> slots = new ArrayList<>();
    for (Port port : update.ports()) {
      if (port.slot().isPresent()) {
        slots.add(port);
      } else if (known.add(port.name())) {
        ports.add(port);
      }
    }
    for (Port port : gradients.ports()) {
      if (port.role() != Role.INPUT && !known.contains(port.name())) {
        ports.add(port);
      }
    }
    ports.addAll(slots);
    return ports;
  }
}
