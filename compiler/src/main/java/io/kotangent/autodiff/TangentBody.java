package io.kotangent.autodiff;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// The body of a call, branch or loop, copied into a builder of its own, with the tangents of its results.
///
/// @param inputs the original inputs, in the new builder
/// @param seeds the ports of the inputs' tangents; empty for inactive inputs
/// @param values the original results
/// @param tangents the results' tangents; empty where no derivative reaches
record TangentBody(GraphBuilder builder, List<Node> inputs, List<Optional<Node>> seeds,
    List<Graph.Result> values,
    List<Optional<Node>> tangents) {

  /// The tangents of all results from those of the `active` inputs.
  static TangentBody of(Graph graph, BitSet active) {
    GraphBuilder builder = new GraphBuilder();
    GraphParts parts = GraphParts.copy(graph, builder);
    List<Node> inputs = graph.inputs().stream().map(parts::of).toList();
    List<Graph.Result> values = graph.results().stream()
        .map(r -> new Graph.Result(r.name(), parts.of(r.node()))).toList();
    FreshNames names = FreshNames.besidePorts(graph);
    List<Optional<Node>> seeds = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Node input = inputs.get(i);
      seeds.add(active.get(i)
          ? Optional.of(builder.input(
              new Port(names.fresh("d" + Graph.port(input).name()), Role.INPUT,
                  input.type())))
          : Optional.empty());
    }
    List<Node> targets = active.stream().mapToObj(inputs::get).toList();
    List<Optional<Node>> tangents =
        Tangent.jvp(builder, values.stream().map(Graph.Result::node).toList(), targets,
            seeds.stream().flatMap(Optional::stream).toList());
    return new TangentBody(builder, inputs, seeds, values, tangents);
  }

  /// The indices of results that a derivative reaches.
  List<Integer> reached() {
    List<Integer> reached = new ArrayList<>();
    for (int i = 0; i < tangents.size(); i++) {
      if (tangents.get(i).isPresent()) {
        reached.add(i);
      }
    }
    return reached;
  }

  /// The tangent of a result, zero where no derivative reaches it.
  ///
  /// @param names those of the results that it stands beside
  Graph.Result tangent(int result, FreshNames names) {
    Graph.Result value = values.get(result);
    return new Graph.Result(names.fresh("d" + value.name()),
        tangents.get(result).orElseGet(() -> builder.fill(value.node().type(), 0)));
  }

  /// The graph from all inputs and seeds to the tangents of some results.
  Graph graph(String name, List<Integer> results) {
    List<Node> ports = new ArrayList<>(inputs);
    seeds.forEach(s -> s.ifPresent(ports::add));
    FreshNames names = FreshNames.beside(List.of());
    return builder.graph(name, ports, results.stream().map(i -> tangent(i, names)).toList());
  }
}
