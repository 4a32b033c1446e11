package io.kotangent.rewrite;

import io.kotangent.ir.Axes;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `map(broadcast a, broadcast b)` → `broadcast map(a, b)` when some axis is new in all operands: each value is computed once.
///
/// `broadcast(c:[n]) + broadcast(2:[])` in `[m,n]` becomes `broadcast(c + broadcast(2:[n]))`. The same values by the same
/// operations.
public record UnbroadcastMap() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Lane) || node.shape().rank() == 0) {
      return Optional.empty();
    }
    boolean[] kept = new boolean[node.shape().rank()];
    for (Node operand : node.operands()) {
      if (!(operand.op() instanceof Op.Broadcast(var axes, var to)) || !to.equals(node.shape())) {
        return Optional.empty();
      }
      for (int axis : axes) {
        kept[axis] = true;
      }
    }
    List<Integer> common = new ArrayList<>();
    for (int axis = 0; axis < kept.length; axis++) {
      if (kept[axis]) {
        common.add(axis);
      }
    }
    if (common.size() == kept.length) {
      return Optional.empty();
    }
    Shape small = Axes.pick(node.shape(), common);
    List<Node> operands = new ArrayList<>();
    for (Node operand : node.operands()) {
      operands.add(within(operand, common, small, builder));
    }
    return Optional.of(builder.broadcast(builder.add(node.op(), operands), common, node.shape()));
  }

  private static Node within(Node operand, List<Integer> common, Shape small,
      GraphBuilder builder) {
    List<Integer> places = new ArrayList<>();
    for (Integer axis : ((Op.Broadcast) operand.op()).axes()) {
      places.add(common.indexOf(axis));
    }
    Node x = operand.operand(0);
    return places.size() == small.rank() ? x : builder.broadcast(x, places, small);
  }
}
