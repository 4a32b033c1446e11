package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `reduce.sum select(iota == i, v, 0)` over the axis of the ramp → `0 + v`, v being the same along that axis: all other terms
/// are zeros. The gradient of picking each row's label, summed.
///
/// Only when the indices are surely within the axis, so that there is just one such term.
public record SumOfOneHot() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Reduce reduce) || reduce.kind() != Op.Reduction.SUM
        || reduce.axes().size() != 1
        || !(node.operand(0).op() instanceof Op.Map(var fn)) || fn != ScalarFn.SELECT) {
      return Optional.empty();
    }
    Node select = node.operand(0);
    int axis = reduce.axes().getFirst();
    if (!Uniform.isZero(select.operand(2)) || !isOneHot(select.operand(0), axis, select.shape())
        || !(select.operand(1).op() instanceof Op.Broadcast(var axes, _)) || axes.contains(axis)) {
      return Optional.empty();
    }
    List<Integer> places = new ArrayList<>();
    for (int place : axes) {
      places.add(place < axis ? place : place - 1);
    }
    Node v = builder.broadcastTo(select.operand(1).operand(0), places, node.shape());
    return Optional.of(builder.map(ScalarFn.ADD, builder.fill(node.type(), 0), v));
  }

  /// Whether the condition is true just once along the axis.
  private static boolean isOneHot(Node condition, int axis, Shape shape) {
    if (!(condition.op() instanceof Op.Map(var fn)) || fn != ScalarFn.EQ) {
      return false;
    }
    return isRamp(condition.operand(0), condition.operand(1), axis, shape)
        || isRamp(condition.operand(1), condition.operand(0), axis, shape);
  }

  private static boolean isRamp(Node ramp, Node indices, int axis, Shape shape) {
    return ramp.op() instanceof Op.Iota iota && iota.axis() == axis
        && indices.op() instanceof Op.Broadcast(var axes, _)
        && !axes.contains(axis) && IndexRange.isWithin(indices, shape.dim(axis));
  }
}
