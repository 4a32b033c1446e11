package io.kotangent.vmap;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.TensorType;
import java.util.List;

/// What moves elements moves those of all examples alike: its axes are one further behind.
record LayoutRule(BatchAxis axis) {

  Node batched(Op.Layout op, List<Mapped> operands) {
    return op instanceof Op.Pad pad && operands.get(1).batched() ? padded(pad, operands)
        : axis.builder().add(shifted(op), operands(op, operands));
  }

  /// What a pad puts in between stays one scalar.
  private List<Node> operands(Op.Layout op, List<Mapped> operands) {
    return op instanceof Op.Pad
        ? List.of(axis.all(operands.get(0)), operands.get(1).node())
        : operands.stream().map(axis::all).toList();
  }

  private Op shifted(Op.Layout op) {
    return switch (op) {
      case Op.Broadcast(var axes, var to) ->
          new Op.Broadcast(BatchAxis.before(0, axis.shifted(axes)), axis.shape(to));
      case Op.Reshape(var to) -> new Op.Reshape(axis.shape(to));
      case Op.Transpose(var permutation) ->
          new Op.Transpose(BatchAxis.before(0, axis.shifted(permutation)));
      case Op.Reverse(var axes) -> new Op.Reverse(axis.shifted(axes));
      case Op.Slice(var starts, var limits, var strides) ->
          new Op.Slice(BatchAxis.before(Dim.ZERO, starts), BatchAxis.before(axis.size(), limits),
              BatchAxis.before(1, strides));
      case Op.Pad(var low, var high, var interior) ->
          new Op.Pad(BatchAxis.before(Dim.ZERO, low), BatchAxis.before(Dim.ZERO, high),
              BatchAxis.before(0, interior));
      case Op.Concat(var along) -> new Op.Concat(along + 1);
      case Op.Windows(var axes, var sizes, var strides, var dilations) ->
          new Op.Windows(axis.shifted(axes), sizes, strides, dilations);
      case Op.OverlapAdd(var axes, var strides, var dilations, var lengths) ->
          new Op.OverlapAdd(axis.shifted(axes), strides, dilations, lengths);
    };
  }

  /// Each example has its own number to pad with: put where a padded mask says.
  private Node padded(Op.Pad pad, List<Mapped> operands) {
    GraphBuilder b = axis.builder();
    Node x = axis.all(operands.get(0));
    Node number = operands.get(1).node();
    Op shifted = shifted(pad);
    Node inside = b.add(shifted, b.fill(new TensorType(DType.BOOL, x.shape()), 1),
        b.scalar(DType.BOOL, 0));
    Node values = b.add(shifted, x, b.scalar(x.dtype(), 0));
    return b.map(ScalarFn.SELECT, inside, values,
        b.broadcastTo(number, List.of(0), values.shape()));
  }
}
