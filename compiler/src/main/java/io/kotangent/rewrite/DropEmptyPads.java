package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.Optional;

/// `pad[0, 0, 0] x` → `x`.
public record DropEmptyPads() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Pad pad)) {
      return Optional.empty();
    }
    for (int axis = 0; axis < pad.low().size(); axis++) {
      if (!pad.low().get(axis).is(0) || !pad.high().get(axis).is(0)
          || pad.interior().get(axis) != 0) {
        return Optional.empty();
      }
    }
    return Optional.of(node.operand(0));
  }
}
