package io.kotangent.autodiff;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The body of a call, branch or loop, copied into a builder of its own, with the cotangents of its inputs.
///
/// @param inputs the original inputs, in the new builder
/// @param results the original results, in the new builder
/// @param seeds the ports of the cotangents, by index of result
/// @param cotangents what the derivative gives, by index of input; only inputs that it reaches
record CotangentBody(Graph original, GraphBuilder builder, List<Node> inputs,
    List<Node> results, Map<Integer, Node> seeds,
    Map<Integer, Node> cotangents) {

  /// The graph from all inputs and seeds to the given cotangents of inputs.
  Graph graph(String name, Map<Integer, Node> wanted) {
    List<Node> ports = new ArrayList<>(inputs);
    ports.addAll(seeds.values());
    List<Graph.Result> named = new ArrayList<>();
    wanted.forEach((input, node) -> named.add(new Graph.Result("d" + inputName(input), node)));
    return builder.graph(name, ports, named);
  }

  String inputName(int input) {
    return Graph.port(inputs.get(input)).name();
  }
}
