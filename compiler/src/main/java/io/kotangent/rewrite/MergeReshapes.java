package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.Optional;

/// `reshape reshape x` → `reshape x`, and `x` itself if it has that shape.
public record MergeReshapes() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Reshape(var to))) {
      return Optional.empty();
    }
    Node x = node.operand(0);
    if (x.shape().equals(to)) {
      return Optional.of(x);
    }
    return x.op() instanceof Op.Reshape ? Optional.of(builder.reshape(x.operand(0), to))
        : Optional.empty();
  }
}
