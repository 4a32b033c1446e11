package io.kotangent.plan.group;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.rewrite.Hazard;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who reads what in a graph, and which nodes are needed for updates alone. These run last, once the guard is known to
/// hold; a node that may throw never is among them, so that nothing is left half-updated.
public final class Uses {
  private final Graph graph;
  private final Map<Node, List<Node>> readers = new IdentityHashMap<>();
  private final Map<Node, Integer> positions = new IdentityHashMap<>();
  private final Set<Node> early = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Node> roots = Collections.newSetFromMap(new IdentityHashMap<>());

  public Uses(Graph graph) {
    this.graph = graph;
    for (Node node : graph.schedule()) {
      positions.put(node, positions.size());
      readers.put(node, new ArrayList<>(2));
      for (Node operand : node.operands()) {
        readers.get(operand).add(node);
      }
    }
    roots.addAll(graph.roots());
    List<Node> order = new ArrayList<>();
    graph.results().forEach(r -> Graph.visit(r.node(), early, order));
    graph.guard().ifPresent(g -> Graph.visit(g, early, order));
    for (Node node : graph.schedule()) {
      if (node.op() instanceof Op.Control || Hazard.of(node).isPresent()) {
        Graph.visit(node, early, order);
      }
    }
  }

  Graph graph() {
    return graph;
  }

  List<Node> schedule() {
    return graph.schedule();
  }

  /// Its place in the schedule.
  int position(Node node) {
    return positions.get(node);
  }

  /// The nodes that have it as an operand, once for each time.
  public List<Node> of(Node node) {
    return readers.get(node);
  }

  boolean isRoot(Node node) {
    return roots.contains(node);
  }

  Set<Node> roots() {
    return roots;
  }

  /// Whether only updates need it.
  boolean commits(Node node) {
    return !early.contains(node);
  }
}
