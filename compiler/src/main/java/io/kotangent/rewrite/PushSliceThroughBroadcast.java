package io.kotangent.rewrite;

import io.kotangent.ir.Axes;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.Optional;

/// `slice broadcast x` → `broadcast slice x`: only axes that x has are sliced.
public record PushSliceThroughBroadcast() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Slice slice)
        || !(node.operand(0).op() instanceof Op.Broadcast(var axes, _))) {
      return Optional.empty();
    }
    Op small = new Op.Slice(Axes.at(slice.starts(), axes), Axes.at(slice.limits(), axes),
        Axes.at(slice.strides(), axes));
    Node x = node.operand(0).operand(0);
    return Optional
        .of(builder.broadcastTo(axes.isEmpty() ? x : builder.add(small, x), axes, node.shape()));
  }
}
