package io.kotangent.rewrite;

import io.kotangent.ir.Axes;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.Optional;

/// `transpose[q] transpose[p] x` → `transpose[p∘q] x`, and `x` itself if that is the identity: one copy instead of two, or none.
public record MergeTransposes() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Transpose(var outer))) {
      return Optional.empty();
    }
    Node x = node.operand(0);
    if (Axes.isIdentity(outer)) {
      return Optional.of(x);
    }
    if (!(x.op() instanceof Op.Transpose(var inner))) {
      return Optional.empty();
    }
    return Optional.of(builder.transpose(x.operand(0), Axes.at(inner, outer)));
  }
}
