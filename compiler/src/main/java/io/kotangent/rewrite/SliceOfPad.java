package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.Dim;
import java.util.Optional;

/// `slice pad x` → `x` when the slice takes just what was padded.
public record SliceOfPad() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Slice slice) || !(node.operand(0).op() instanceof Op.Pad pad)) {
      return Optional.empty();
    }
    Node x = node.operand(0).operand(0);
    for (int axis = 0; axis < pad.low().size(); axis++) {
      Dim low = pad.low().get(axis);
      boolean exact = slice.starts().get(axis).equals(low) && slice.strides().get(axis) == 1
          && pad.interior().get(axis) == 0
          && slice.limits().get(axis).equals(low.plus(x.shape().dim(axis)));
      if (!exact) {
        return Optional.empty();
      }
    }
    return Optional.of(x);
  }
}
