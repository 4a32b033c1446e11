package io.kotangent.text;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Literal;
import io.kotangent.ir.LiteralText;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.OpPrinter;
import io.kotangent.type.Requirement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// A number for each node of several graphs: nodes have one number exactly when they compute the same from the same inputs.
final class StructureNumbers {
  private final Map<List<Object>, Integer> numbers = new HashMap<>();
  private final Map<Graph, Map<Node, Integer>> bodies = new IdentityHashMap<>();
  private final Map<Graph, Integer> graphs = new IdentityHashMap<>();

  private int number(List<Object> structure) {
    return numbers.computeIfAbsent(structure, _ -> numbers.size());
  }

  /// What a node does, without the names of its bodies and its operands.
  static String op(Node node) {
    Map<String, Literal> digests = new HashMap<>();
    return new OpPrinter(_ -> "@", LiteralText.LONGEST, digests).print(node) + " : "
        + node.valueType() + stream(node);
  }

  /// Calls that draw at two scopes are two computations.
  private static String stream(Node node) {
    return node.op() instanceof Op.Call call && call.bodies().stream().anyMatch(Graph::draws)
        ? " in " + node.origin().scope() : "";
  }

  /// The numbers of all nodes of a graph.
  ///
  /// @param places which input each is, among those of all graphs
  Map<Node, Integer> of(Graph graph, Map<Node, Object> places) {
    Map<Node, Integer> nodes = new IdentityHashMap<>();
    for (Node node : graph.schedule()) {
      Object place = places.get(node);
      if (place != null) {
        nodes.put(node, number(List.of("input", place)));
        continue;
      }
      List<Object> structure = new ArrayList<>(List.of(op(node)));
      node.op().bodies().forEach(body -> structure.add(of(body)));
      structure.add("of");
      node.operands().forEach(operand -> structure.add(nodes.get(operand)));
      nodes.put(node, number(structure));
    }
    return nodes;
  }

  /// The numbers of the nodes of a body: its inputs are known by their order.
  Map<Node, Integer> ofBody(Graph body) {
    Map<Node, Integer> known = bodies.get(body);
    if (known == null) {
      Map<Node, Object> places = new IdentityHashMap<>();
      body.inputs().forEach(input -> places.put(input,
          List.of("of body", places.size(), input.valueType().toString())));
      known = of(body, places);
      bodies.put(body, known);
    }
    return known;
  }

  /// The number of a body: its inputs and results are known by their order.
  int of(Graph body) {
    Integer known = graphs.get(body);
    if (known == null) {
      Map<Node, Integer> nodes = ofBody(body);
      List<Object> structure = new ArrayList<>(List.of("graph"));
      body.inputs().forEach(input -> structure.add(nodes.get(input)));
      structure.add("gives");
      body.results().forEach(result -> structure.add(nodes.get(result.node())));
      structure.add(body.requirements().stream().map(Requirement::toString).toList());
      known = number(structure);
      graphs.put(body, known);
    }
    return known;
  }
}
