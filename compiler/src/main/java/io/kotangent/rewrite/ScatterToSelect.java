package io.kotangent.rewrite;

import io.kotangent.ir.Axes;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.Shape;
import java.util.List;
import java.util.Optional;

/// `scatter zeros, i, v` with one index a row → `select(iota == i, 0 + v, 0)`: a loop that fuses, where scattering cannot.
///
/// This is the gradient of picking each row's label. The sum `0 + v` keeps the bits (−0 becomes 0). Only when the indices
/// are surely within the axis: outside is an error that must stay.
public record ScatterToSelect() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Scatter(var axis, var batchDims))) {
      return Optional.empty();
    }
    Node base = node.operand(0);
    Node indices = node.operand(1);
    Shape shape = node.shape();
    if (indices.shape().rank() != batchDims || Uniform.bits(base).isEmpty()
        || !IndexRange.isWithin(indices, shape.dim(axis))) {
      return Optional.empty();
    }
    List<Integer> rest = Axes.others(List.of(axis), shape.rank());
    Node here = builder.map(ScalarFn.EQ, builder.iota(shape, axis, indices.dtype()),
        builder.broadcast(indices, Axes.all(batchDims), shape));
    Node sum = builder.map(ScalarFn.ADD, base, builder.broadcast(node.operand(2), rest, shape));
    return Optional.of(builder.map(ScalarFn.SELECT, here, sum, base));
  }
}
