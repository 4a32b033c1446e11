package io.kotangent.rewrite;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The hazards among all that nodes need. An error is part of what a graph means, so whatever changes a graph keeps them: a
/// value may be computed otherwise, or not at all, only where nothing fails that failed before.
public final class Hazards {
  private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  /// Of nodes that need some.
  private final Map<Node, Set<Hazard>> known = new IdentityHashMap<>();

  /// The hazards of a node and of all that it needs.
  public Set<Hazard> of(Node node) {
    List<Node> order = new ArrayList<>();
    Graph.visit(node, seen, order);
    order.forEach(this::add);
    return known.getOrDefault(node, Set.of());
  }

  private void add(Node node) {
    Set<Hazard> all = Set.of();
    for (Node operand : node.operands()) {
      all = union(all, known.getOrDefault(operand, Set.of()));
    }
    all = union(all, Hazard.of(node).map(Set::of).orElse(Set.of()));
    if (!all.isEmpty()) {
      known.put(node, all);
    }
  }

  /// One of the two if it has all of the other: chains share their sets.
  private static Set<Hazard> union(Set<Hazard> some, Set<Hazard> more) {
    if (some.containsAll(more)) {
      return some;
    }
    if (more.containsAll(some)) {
      return more;
    }
    Set<Hazard> union = new LinkedHashSet<>(some);
    union.addAll(more);
    return union;
  }

  /// Whether a replacement fails wherever the node does.
  boolean areKept(Node node, Node replacement) {
    Set<Hazard> lost = new LinkedHashSet<>(of(node));
    if (!lost.isEmpty()) {
      lost.removeAll(of(replacement));
      lost.removeIf(hazard -> isUnfolded(hazard.cause(), node));
    }
    return lost.isEmpty();
  }

  /// Whether `item call` stands for all of the call: the one result needs all that can fail in it.
  private static boolean isUnfolded(Node control, Node item) {
    return item.op() instanceof Op.Item(var index) && item.operand(0) == control
        && control.op() instanceof Op.Control op && !(op instanceof Op.Loop)
        && Hazard.bodies(op).stream().allMatch(body -> areNeeded(body, List.of(index)));
  }

  /// Whether some results of a graph need all that can fail in it.
  public static boolean areNeeded(Graph graph, Collection<Integer> results) {
    Set<Node> needed = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Node> order = new ArrayList<>();
    results.forEach(i -> Graph.visit(graph.results().get(i).node(), needed, order));
    return graph.schedule().stream()
        .allMatch(node -> needed.contains(node) || Hazard.of(node).isEmpty());
  }
}
