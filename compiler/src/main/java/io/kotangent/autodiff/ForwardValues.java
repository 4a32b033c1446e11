package io.kotangent.autodiff;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/// Which values of a loop's iterations its gradient reads: inputs of the body, and what would be dear to compute from them
/// again. All else is computed again, which costs less than to write and read it.
///
/// So a gradient keeps at most what the same model without a loop would keep.
final class ForwardValues {
  private final BodyValues values;
  private final ForwardStacks stacks;

  ForwardValues(BodyValues values, ForwardStacks stacks) {
    this.values = values;
    this.stacks = stacks;
  }

  /// What these nodes need read, so that nothing dear is computed again.
  ///
  /// @param kept what is stacked anyway
  List<Node> toRead(Collection<Node> roots, Collection<Node> kept) {
    Set<Node> wanted = wanted(roots);
    Set<Node> stacked = identitySet();
    stacked.addAll(kept);
    stacked.addAll(dear(wanted, stacked));
    List<Node> read = new ArrayList<>();
    Set<Node> seen = identitySet();
    List<Node> open = new ArrayList<>(roots);
    while (!open.isEmpty()) {
      Node node = open.removeLast();
      if (!seen.add(node)) {
        continue;
      }
      if (stacked.contains(node) || isInput(node) || isFree(node)) {
        read.add(node);
      } else {
        open.addAll(node.operands());
      }
    }
    read.removeIf(node -> !values.isForward(node) || isInput(node) && !values.isOriginal(node));
    read.sort(Comparator.comparingInt(Node::id));
    return read;
  }

  private static Set<Node> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private static boolean isInput(Node node) {
    return node.op() instanceof Op.Input;
  }

  /// Whether there is a stack already; what is no more than moved or made of constants is not read from one.
  private boolean isFree(Node node) {
    return values.isForward(node) && values.isVarying(node) && stacks.has(node);
  }

  /// The forward values that the gradient takes up, seen through what only moves them.
  private Set<Node> wanted(Collection<Node> roots) {
    Set<Node> wanted = identitySet();
    Set<Node> seen = identitySet();
    List<Node> open = new ArrayList<>(roots);
    while (!open.isEmpty()) {
      Node node = open.removeLast();
      if (!seen.add(node)) {
        continue;
      }
      boolean moved = node.op() instanceof Op.Layout || node.op() instanceof Op.Cast;
      boolean taken = values.isOriginal(node) || BodyValues.isDear(node)
          || node.op() instanceof Op.Item;
      if (values.isForward(node) && taken && !moved) {
        wanted.add(node);
      } else {
        open.addAll(node.operands());
      }
    }
    return wanted;
  }

  /// Those of `wanted` that cannot be computed from inputs and from what is stacked without anything dear.
  private Set<Node> dear(Set<Node> wanted, Set<Node> stacked) {
    List<Node> order = new ArrayList<>();
    Set<Node> seen = identitySet();
    wanted.stream().sorted(Comparator.comparingInt(Node::id))
        .forEach(node -> Graph.visit(node, seen, order));
    Set<Node> dear = identitySet();
    Set<Node> kept = identitySet();
    for (Node node : order) {
      boolean again = values.isVarying(node) && !isInput(node) && !stacked.contains(node)
          && !isFree(node)
          && (BodyValues.isDear(node) || node.operands().stream().anyMatch(dear::contains));
      if (again && wanted.contains(node) && node.valueType() instanceof TensorType) {
        kept.add(node);
      } else if (again) {
        dear.add(node);
      }
    }
    return kept;
  }
}
