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
  private final Map<Node, Integer> nodes = new IdentityHashMap<>();
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

  /// Numbers an input as the place that it has among those of all graphs.
  void input(Node input, Object place) {
    nodes.put(input, number(List.of("input", place)));
  }

  /// Numbers all nodes of a graph whose inputs have numbers.
  void nodes(Graph graph) {
    for (Node node : graph.schedule()) {
      if (!nodes.containsKey(node)) {
        List<Object> structure = new ArrayList<>(List.of(op(node)));
        node.op().bodies().forEach(body -> structure.add(graph(body)));
        structure.add("of");
        node.operands().forEach(operand -> structure.add(of(operand)));
        nodes.put(node, number(structure));
      }
    }
  }

  /// The number of a body: its inputs and results are known by their order.
  int graph(Graph body) {
    Integer known = graphs.get(body);
    if (known != null) {
      return known;
    }
    List<Object> structure = new ArrayList<>(List.of("graph"));
    for (int i = 0; i < body.inputs().size(); i++) {
      Node input = body.inputs().get(i);
      input(input, List.of("of body", i, input.valueType().toString()));
      structure.add(of(input));
    }
    nodes(body);
    structure.add("gives");
    body.results().forEach(result -> structure.add(of(result.node())));
    structure.add(body.requirements().stream().map(Requirement::toString).toList());
    int number = number(structure);
    graphs.put(body, number);
    return number;
  }

  int of(Node node) {
    return nodes.get(node);
  }
}
