package io.kotangent.autodiff;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The body of a call, branch or loop, copied into a builder of its own, with the cotangents of its inputs.
///
/// @param inputs the original inputs, in the new builder
/// @param results the original results, in the new builder
/// @param seeds the ports of the cotangents, by index of result
/// @param cotangents what the derivative gives, by index of input; only inputs that it reaches
record CotangentBody(Graph original, GraphBuilder builder, List<Node> inputs,
    List<Node> results, Map<Integer, Node> seeds,
    Map<Integer, Node> cotangents) {

  /// The cotangents of the `active` inputs from those of the `live` results.
  static CotangentBody of(Graph graph, BitSet active, List<Boolean> live) {
    GraphBuilder builder = new GraphBuilder();
    GraphParts parts = GraphParts.copy(graph, builder);
    List<Node> inputs = graph.inputs().stream().map(parts::of).toList();
    List<Node> results = graph.results().stream().map(r -> parts.of(r.node())).toList();
    Map<Integer, Node> seeds = new LinkedHashMap<>();
    FreshNames names = FreshNames.besidePorts(graph);
    for (int i = 0; i < results.size(); i++) {
      if (live.get(i)) {
        String name = names.fresh("d" + graph.results().get(i).name());
        seeds.put(i, builder.input(new Port(name, Role.INPUT, results.get(i).type())));
      }
    }
    List<Optional<Node>> g = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      g.add(Optional.ofNullable(seeds.get(i)));
    }
    List<Integer> targets = active.stream().boxed().toList();
    List<Optional<Node>> found =
        Gradient.vjp(builder, results, g, targets.stream().map(inputs::get).toList());
    Map<Integer, Node> cotangents = new LinkedHashMap<>();
    for (int i = 0; i < targets.size(); i++) {
      int target = targets.get(i);
      found.get(i).ifPresent(c -> cotangents.put(target, c));
    }
    return new CotangentBody(graph, builder, inputs, results, seeds, cotangents);
  }

  /// The graph from all inputs and seeds to the given cotangents of inputs.
  Graph graph(String name, Map<Integer, Node> results) {
    List<Node> ports = new ArrayList<>(inputs);
    ports.addAll(seeds.values());
    List<Graph.Result> named = new ArrayList<>();
    results.forEach((input, node) -> named.add(new Graph.Result("d" + inputName(input), node)));
    return builder.graph(name, ports, named);
  }

  String inputName(int input) {
    return Graph.port(inputs.get(input)).name();
  }
}
