package io.kotangent.autodiff;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which values a derivative with respect to some targets can flow through: the targets, and what depends on
/// them by differentiable ops. Exact for every item of a tuple.
final class Activity {
  private final List<Node> order;
  private final Map<Node, List<BitSet>> sources;

  private Activity(List<Node> order, Map<Node, List<BitSet>> sources) {
    this.order = order;
    this.sources = sources;
  }

  /// The activity of everything that `roots` need.
  static Activity of(Collection<Node> roots, Collection<Node> targets) {
    List<Node> order = new ArrayList<>();
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    roots.forEach(root -> Graph.visit(root, seen, order));
    BitSet target = new BitSet();
    target.set(0);
    Map<Node, BitSet> all = new IdentityHashMap<>();
    targets.forEach(node -> all.put(node, target));
    return new Activity(order, new Flow().through(order, all));
  }

  /// What the roots need, operands first.
  List<Node> order() {
    return order;
  }

  /// Whether a tensor, or any item of a tuple, is active.
  boolean isActive(Node node) {
    for (BitSet item : sources.getOrDefault(node, List.of())) {
      if (!item.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  boolean isActive(Node node, int item) {
    List<BitSet> items = sources.get(node);
    return items != null && !items.get(item).isEmpty();
  }

  /// The active operands of a node, by index.
  BitSet operands(Node node) {
    BitSet result = new BitSet();
    for (int i = 0; i < node.operands().size(); i++) {
      result.set(i, isActive(node.operand(i)));
    }
    return result;
  }
}
