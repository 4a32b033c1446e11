package io.kotangent.dsl;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.runtime.StateLayout;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The graphs of a model that are no training graphs.
final class ModelGraphs {
  private ModelGraphs() {
  }

  static Graph inference(Model model, String name, List<Output> results) {
    if (results.isEmpty()) {
      throw new KotangentException(
          "graph '" + name + "': expected at least one result, such as y.named(\"y\")");
    }
    Map<String, Output> names = new LinkedHashMap<>();
    for (Output result : results) {
      Output twin = names.putIfAbsent(result.name(), result);
      if (twin != null) {
        throw new KotangentException("graph '" + name + "': two results are called '"
            + result.name() + "', that" + twin.value().madeAt() + " and that"
            + result.value().madeAt() + "; give one another name");
      }
      if (result.value().trace() != model.trace()) {
        throw new KotangentException(
            "graph '" + name + "': result '" + result.name() + "'" + result.value().madeAt()
                + " is of another model than '" + model.name() + "'");
      }
      model.trace().checkOwn(result.value());
    }
    List<Node> roots = new ArrayList<>();
    for (Output result : results) {
      roots.add(result.value().node());
    }
    Specialized forward = new Specialized(false, roots);
    GraphBuilder builder = new GraphBuilder();
    Map<Node, Node> inputs = ports(model, forward.inputs(), builder);
    Specialized.Copies copies = forward.copy(builder, inputs);
    List<Graph.Result> named = new ArrayList<>();
    for (Output result : results) {
      named.add(new Graph.Result(result.name(), copies.of(result.value().node())));
    }
    return builder.graph(name, List.copyOf(inputs.values()), named);
  }

  /// Refuses outputs that need a parameter or state which is not stored: it was declared after `minimize`.
  static void checkStored(Model model, List<Output> outputs, StateLayout stored) {
    List<Node> late = new ArrayList<>(model.declared().parameters().keySet());
    late.addAll(model.declared().states().keySet());
    late.removeIf(node -> stored.has(Graph.port(node).name()));
    for (Output output : outputs) {
      Set<Node> needed = new Specialized(false, List.of(output.value().node())).inputs();
      for (Node node : late) {
        if (needed.contains(node)) {
          String place = node.origin().place();
          throw new KotangentException("compile: output '" + output.name() + "'"
              + output.value().madeAt() + " needs " + Graph.port(node)
              + (place.isEmpty() ? "" : " (" + place + ")")
              + ", which was declared after minimize, so nothing trains or keeps it: make the layers of outputs before"
              + " minimize, and use those of the loss again");
        }
      }
    }
  }

  /// The inputs that are needed, in their order in graphs: fed ones, parameters, states.
  static Map<Node, Node> ports(Model model, Set<Node> needed, GraphBuilder builder) {
    List<Node> order = new ArrayList<>(model.declared().inputs());
    addPort("seed", needed, order);
    order.addAll(model.declared().parameters().keySet());
    order.addAll(model.declared().states().keySet());
    addPort("step", needed, order);
    Map<Node, Node> ports = new LinkedHashMap<>();
    for (Node node : order) {
      if (needed.contains(node)) {
        builder.at(node.origin());
        ports.put(node, builder.input(Graph.port(node)));
      }
    }
    return ports;
  }

  private static void addPort(String name, Set<Node> needed, List<Node> order) {
    for (Node node : needed) {
      if (Graph.port(node).name().equals(name)) {
        order.add(node);
      }
    }
  }

  static Graph init(Model model) {
    GraphBuilder builder = new GraphBuilder();
    Node seed = builder.input(new Port("seed", Role.INPUT, TensorType.scalar(DType.I64)));
    List<Graph.Result> results = new ArrayList<>();
    Map<Node, Initializer> all = new LinkedHashMap<>(model.declared().parameters());
    all.putAll(model.declared().states());
    all.forEach((node, start) -> {
      String port = Graph.port(node).name();
      builder.at(node.origin());
      results.add(new Graph.Result(port, start.draw(builder, "init/" + port, node.type(), seed)));
    });
    return builder.graph(model.name() + "_init", List.of(seed), results);
  }
}
