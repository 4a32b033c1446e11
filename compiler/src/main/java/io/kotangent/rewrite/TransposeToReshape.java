package io.kotangent.rewrite;

import io.kotangent.ir.Axes;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.Optional;

/// `transpose x` → `reshape x` when only axes of size 1 change places: no element moves.
public record TransposeToReshape() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Transpose(var permutation)) || Axes.isIdentity(permutation)) {
      return Optional.empty();
    }
    int last = -1;
    for (int axis : permutation) {
      if (!node.operand(0).shape().dim(axis).is(1)) {
        if (axis < last) {
          return Optional.empty();
        }
        last = axis;
      }
    }
    return Optional.of(builder.reshape(node.operand(0), node.shape()));
  }
}
