package io.kotangent.plan.group;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.SumOrder;
import io.kotangent.plan.form.RowForm;
import io.kotangent.type.Fact;

/// Which reductions and gathers are of rows, so that they can share a kernel with what makes or reads the row.
final class RowOps {
  private RowOps() {
  }

  /// Whether it has a value for each element that depends on that element of its operands alone.
  static boolean isLane(Node node) {
    return switch (node.op()) {
      case Op.Iota _, Op.Size _, Op.Lane _, Op.Broadcast _ -> true;
      case Op.Source _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ -> false;
    };
  }

  /// Whether it reduces the last axes, in row-major order.
  static boolean isRowReduce(Node node) {
    if (!(node.op() instanceof Op.Reduce reduce) || reduce.kind().isArg()
        || reduce.accumulator() != node.dtype()
        || reduce.axes().isEmpty()) {
      return false;
    }
    int rank = node.operand(0).shape().rank();
    boolean last = reduce.axes().getFirst() == rank - reduce.axes().size();
    boolean inOrder = !reduce.kind().isOrdered() || !node.dtype().isFloat()
        || reduce.order().kind() == SumOrder.Kind.LANES
            && reduce.order().labels()
                .equals(SumOrder.axisLabels(rank).substring(reduce.axes().getFirst()));
    return last && inOrder;
  }

  /// Whether it reduces everything to one value.
  static boolean isToScalar(Node node) {
    return isRowReduce(node) && node.type().isScalar();
  }

  /// Whether it sums over all axes but the last, of some length, in row-major order.
  static boolean isColumnReduce(Node node) {
    if (!(node.op() instanceof Op.Reduce reduce) || reduce.kind() != Op.Reduction.SUM
        || !node.dtype().isFloat()
        || reduce.accumulator() != node.dtype() || node.shape().rank() != 1) {
      return false;
    }
    int rank = node.operand(0).shape().rank();
    boolean leading = reduce.axes().size() == rank - 1 && !reduce.axes().contains(rank - 1);
    return leading && rank == 2 && reduce.order().kind() == SumOrder.Kind.SEQUENTIAL
        && (!node.shape().dim(0).isConstant() || node.shape().dim(0).constant() >= RowForm.SHORT);
  }

  /// Whether it picks one element of each row, by an index that is known to be in range.
  static boolean isRowGather(Node node) {
    if (!(node.op() instanceof Op.Gather(var axis, var batchDims)) || axis != batchDims) {
      return false;
    }
    Node data = node.operand(0);
    Node indices = node.operand(1);
    return axis == data.shape().rank() - 1 && indices.shape().rank() == axis
        && isInRange(indices, data);
  }

  private static boolean isInRange(Node indices, Node data) {
    return indices.op() instanceof Op.Input(var port) && data.shape().dims().getLast().isConstant()
        && port.range().filter(r -> isWithin(r, data.shape().dims().getLast().constant()))
            .isPresent();
  }

  private static boolean isWithin(Fact.Range range, long size) {
    return range.low() >= 0 && range.high() < size;
  }
}
