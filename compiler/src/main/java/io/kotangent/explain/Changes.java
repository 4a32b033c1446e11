package io.kotangent.explain;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Which nodes of a graph are in another one, too: by what they compute, whatever their numbers are.
final class Changes {
  /// What became of a node, or where one came from.
  enum Mark {
    /// It is in both, with all that it needs.
    SAME,
    /// The same op with the same type and origin is in both, on other operands.
    OPERANDS,
    /// It is in one of them only.
    ONE
  }

  private final Map<List<Object>, Integer> numbers = new HashMap<>();
  private final GraphLines before;
  private final GraphLines after;
  private final Map<Node, Mark> marksBefore;
  private final Map<Node, Mark> marksAfter;

  private Changes(GraphLines before, GraphLines after) {
    this.before = before;
    this.after = after;
    Map<Node, Integer> left = number(before);
    Map<Node, Integer> right = number(after);
    this.marksBefore = marks(left, right);
    this.marksAfter = marks(right, left);
    pair();
  }

  static Changes between(Graph before, Graph after) {
    return new Changes(new GraphLines(before), new GraphLines(after));
  }

  static Changes between(GraphLines before, GraphLines after) {
    return new Changes(before, after);
  }

  /// Equal computations have equal numbers, in both graphs.
  private Map<Node, Integer> number(GraphLines lines) {
    Map<Node, Integer> found = new IdentityHashMap<>();
    for (Graph graph : lines.blocks()) {
      for (Node node : graph.schedule()) {
        List<Object> key = new ArrayList<>(List.of(node.op(), node.valueType()));
        node.operands().forEach(operand -> key.add(found.get(operand)));
        Integer next = numbers.size();
        Integer known = numbers.putIfAbsent(key, next);
        found.put(node, known == null ? next : known);
      }
    }
    return found;
  }

  private static Map<Node, Mark> marks(Map<Node, Integer> of, Map<Node, Integer> others) {
    var known = new java.util.HashSet<>(others.values());
    Map<Node, Mark> marks = new IdentityHashMap<>();
    of.forEach((node, number) -> marks.put(node, known.contains(number) ? Mark.SAME : Mark.ONE));
    return marks;
  }

  /// Of what is left, nodes of one op, type and origin belong together in their order.
  private void pair() {
    Map<List<Object>, List<Node>> open = new HashMap<>();
    before.blocks().forEach(graph -> graph.schedule().forEach(node -> {
      if (marksBefore.get(node) == Mark.ONE) {
        open.computeIfAbsent(key(node), _ -> new ArrayList<>()).add(node);
      }
    }));
    after.blocks().forEach(graph -> graph.schedule().forEach(node -> {
      List<Node> same = open.getOrDefault(key(node), List.of());
      if (marksAfter.get(node) == Mark.ONE && !same.isEmpty()) {
        marksBefore.put(same.removeFirst(), Mark.OPERANDS);
        marksAfter.put(node, Mark.OPERANDS);
      }
    }));
  }

  private static List<Object> key(Node node) {
    return List.of(node.op(), node.valueType(), node.origin());
  }

  /// What became of a node of the graph before.
  Mark ofBefore(Node node) {
    return marksBefore.getOrDefault(node, Mark.SAME);
  }

  /// Where a node of the graph after came from.
  Mark ofAfter(Node node) {
    return marksAfter.getOrDefault(node, Mark.SAME);
  }

  /// The lines that went, then those that came.
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    add(before, marksBefore, "- ", lines);
    add(after, marksAfter, "+ ", lines);
    return lines;
  }

  private static void add(GraphLines text, Map<Node, Mark> marks, String sign,
      List<String> lines) {
    for (Graph graph : text.blocks()) {
      for (Node node : graph.schedule()) {
        if (marks.get(node) == Mark.ONE) {
          lines.add(sign + text.line(node));
        }
      }
    }
  }
}
