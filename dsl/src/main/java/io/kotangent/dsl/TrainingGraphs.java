package io.kotangent.dsl;

import io.kotangent.autodiff.Gradient;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Origin;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Requirement;
import io.kotangent.type.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
    List<Node> roots = new ArrayList<>(List.of(loss.node()));
    roots.addAll(model.declared().nexts().values());
    Specialised forward = new Specialised(true, roots);
    Set<Node> needed = new HashSet<>(forward.inputs());
    needed.addAll(model.declared().parameters().keySet());
    GraphBuilder b = new GraphBuilder();
    Map<Node, Node> inputs = Programs.ports(model, needed, b);
    Specialised.Copies copies = forward.copy(b, inputs);
    Node lossCopy = copies.of(loss.node());
    List<Node> parameters = new ArrayList<>();
    for (Node parameter : model.declared().parameters().keySet()) {
      parameters.add(copy(inputs, parameter));
    }
    List<Node> gradients = Gradient.gradients(b, LOSS, lossCopy, parameters);
    List<Graph.Result> results = new ArrayList<>();
    results.add(new Graph.Result(LOSS, lossCopy));
    results.add(new Graph.Result(OK, allFinite(b, lossCopy, gradients)));
    for (int i = 0; i < parameters.size(); i++) {
      results
          .add(new Graph.Result(GRADIENT + Graph.port(parameters.get(i)).name(), gradients.get(i)));
    }
    for (Map.Entry<Node, Node> next : model.declared().nexts().entrySet()) {
      String state = Graph.port(next.getKey()).name();
      results.add(new Graph.Result(NEXT + state, copies.of(next.getValue())));
    }
    return b.graph(model.name() + "_gradients", List.copyOf(inputs.values()), results);
  }

  /// Whether the loss and every element of every gradient is finite.
  private static Node allFinite(GraphBuilder b, Node loss, List<Node> gradients) {
    Origin before = b.at(new Origin("guard", loss.origin().place()));
    Node ok = b.map(ScalarFn.IS_FINITE, loss);
    for (Node gradient : gradients) {
      Node finite = b.map(ScalarFn.IS_FINITE, gradient);
      List<Integer> axes = Statistics.axesBefore(gradient.type().rank());
      ok = b.map(ScalarFn.AND, ok,
          axes.isEmpty() ? finite : b.reduce(Op.Reduction.ALL, finite, axes));
    }
    b.at(before);
    return ok;
  }

  /// `update ∘ gradients`: results of the one by name for inputs of the other, one port for a parameter of both.
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
