package io.kotangent.autodiff;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.type.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A graph copied into a builder, to be given more inputs and results.
record GraphParts(Graph original, GraphBuilder builder, Map<Node, Node> copies) {
  static GraphParts copy(Graph graph, GraphBuilder builder) {
    return new GraphParts(graph, builder, builder.copy(graph));
  }

  Node of(Node node) {
    return Objects.requireNonNull(copies.get(node));
  }

  Node result(String name) {
    return original.results().stream().filter(r -> r.name().equals(name)).findFirst()
        .map(r -> of(r.node())).orElseThrow(
            () -> new GradientException("graph " + original.name() + " has no result `" + name
                + "` to differentiate: expected"
                + " one of " + original.results().stream().map(Graph.Result::name).toList()));
  }

  Node input(String name) {
    return original.inputs().stream().filter(n -> Graph.port(n).name().equals(name)).findFirst()
        .map(this::of).orElseThrow(
            () -> new GradientException(
                "graph " + original.name() + " has no input `" + name + "` to differentiate with"
                    + " respect to: expected one of "
                    + original.ports().stream().map(Port::name).toList()));
  }

  /// The graph with these inputs and results appended; a result of a name that there is already is an error unless it
  /// is the same node.
  Graph with(String name, List<Node> moreInputs, Map<String, Node> moreResults) {
    List<Node> inputs = new ArrayList<>(original.inputs().stream().map(this::of).toList());
    inputs.addAll(moreInputs);
    List<Graph.Result> results = new ArrayList<>();
    original.results().forEach(r -> results.add(new Graph.Result(r.name(), of(r.node()))));
    moreResults.forEach((resultName, node) -> {
      Optional<Graph.Result> taken =
          results.stream().filter(r -> r.name().equals(resultName)).findFirst();
      if (taken.isEmpty()) {
        results.add(new Graph.Result(resultName, node));
      } else if (taken.get().node() != node) {
        throw new GradientException(
            "graph " + original.name() + " already has a result `" + resultName
                + "`: rename it, or differentiate a graph without it");
      }
    });
    List<Graph.Update> updates = original.updates().stream()
        .map(u -> new Graph.Update(of(u.port()), of(u.value()))).toList();
    return builder.graph(name, inputs, results, updates, original.guard().map(this::of));
  }
}
