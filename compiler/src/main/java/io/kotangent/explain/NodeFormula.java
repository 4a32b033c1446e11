package io.kotangent.explain;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.formula.Formula;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TupleType;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a node computes as an equation for people, of the values that are around it: what is read only here and computed element by
/// element is written out, up to some size.
final class NodeFormula {
  private static final int MOST = 12;
  private static final int LONGEST = 600;

  private final GraphLines lines;
  private final Map<Node, Integer> uses;
  private final GraphBuilder builder = new GraphBuilder();
  private final Map<Node, Node> copies = new IdentityHashMap<>();
  private final List<Node> inputs = new ArrayList<>();

  private NodeFormula(GraphLines lines, Map<Node, Integer> uses) {
    this.lines = lines;
    this.uses = uses;
  }

  /// How often each node of a graph is read.
  static Map<Node, Integer> uses(Graph graph) {
    Map<Node, Integer> uses = new IdentityHashMap<>();
    for (Node node : graph.schedule()) {
      node.operands().forEach(operand -> uses.merge(operand, 1, Integer::sum));
    }
    return uses;
  }

  /// Nothing for what is no tensor or works on what is none, or if it has no formula.
  static Optional<String> of(Node node, GraphLines lines, Map<Node, Integer> uses) {
    if (node.op() instanceof Op.Input || node.op() instanceof Op.Control
        || node.op() instanceof Op.Item || node.valueType() instanceof TupleType) {
      return Optional.empty();
    }
    NodeFormula formula = new NodeFormula(lines, uses);
    try {
      List<Node> tree = formula.tree(node);
      return Optional.of(formula.print(node, tree)).filter(text -> text.length() <= LONGEST);
    } catch (KotangentException e) {
      return Optional.empty(); // a formula is an extra: its line says the same
    }
  }

  /// The node and what is written out, operands first.
  private List<Node> tree(Node root) {
    List<Node> tree = new ArrayList<>(List.of(root));
    for (int i = 0; i < tree.size(); i++) {
      for (Node operand : tree.get(i).operands()) {
        boolean inner = (operand.op() instanceof Op.Lane || operand.op() instanceof Op.Constant)
            && uses.getOrDefault(operand, 0) == 1;
        if (inner && tree.size() < MOST && !tree.contains(operand)) {
          tree.add(operand);
        }
      }
    }
    tree.sort((a, b) -> Integer.compare(a.id(), b.id()));
    return tree;
  }

  private String print(Node root, List<Node> tree) {
    for (Node node : tree) {
      List<Node> operands = new ArrayList<>();
      for (Node operand : node.operands()) {
        operands.add(copies.computeIfAbsent(operand, this::input));
      }
      copies.put(node, builder.add(node.op(), operands));
    }
    Node copy = java.util.Objects.requireNonNull(copies.get(root));
    Graph graph =
        builder.graph("formula", inputs, List.of(new Graph.Result(lines.name(root), copy)));
    return Formula.of(graph, lines.name(root), List.of()).unicode();
  }

  private Node input(Node operand) {
    Node input = builder.input(new Port(lines.name(operand), Role.INPUT, operand.type()));
    inputs.add(input);
    return input;
  }
}
