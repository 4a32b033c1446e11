package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.List;
import java.util.Optional;

/// `reshape broadcast s` → `broadcast s` for a scalar s.
public record ReshapeOfScalar() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    return node.op() instanceof Op.Reshape(var to)
        && node.operand(0).op() instanceof Op.Broadcast(var axes, _)
        && axes.isEmpty()
            ? Optional.of(builder.broadcastTo(node.operand(0).operand(0), List.of(), to))
            : Optional.empty();
  }
}
