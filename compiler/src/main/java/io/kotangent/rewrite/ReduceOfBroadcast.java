package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `reduce.max broadcast x` → `x` over axes that the broadcast made: the same value many times.
///
/// For max, min, all and any only (a sum of equal numbers is no product, bit for bit), and only where there surely is an
/// element: the maximum of nothing is −∞.
public record ReduceOfBroadcast() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Reduce reduce) || !isIdempotent(reduce.kind())
        || !(node.operand(0).op() instanceof Op.Broadcast(var axes, var to))) {
      return Optional.empty();
    }
    List<Integer> onOperand = new ArrayList<>();
    List<Integer> left = new ArrayList<>();
    for (Integer axis : reduce.axes()) {
      if (axes.contains(axis)) {
        onOperand.add(axes.indexOf(axis));
      } else if (to.dim(axis).isAtLeast(1)) {
        continue;
      } else {
        left.add(axis);
      }
    }
    if (!left.isEmpty() || onOperand.size() == reduce.axes().size()) {
      return Optional.empty();
    }
    Node x = node.operand(0).operand(0);
    Node reduced = onOperand.isEmpty() ? x : builder.reduce(reduce.kind(), x, onOperand);
    List<Integer> places = new ArrayList<>();
    int place = 0;
    for (int axis = 0; axis < to.rank(); axis++) {
      if (!reduce.axes().contains(axis)) {
        if (axes.contains(axis)) {
          places.add(place);
        }
        place++;
      }
    }
    return Optional.of(builder.broadcastTo(reduced, places, node.shape()));
  }

  static boolean isIdempotent(Op.Reduction kind) {
    return switch (kind) {
      case MAX, MIN, ALL, ANY -> true;
      case SUM, PRODUCT, ARGMAX, ARGMIN -> false;
    };
  }
}
