package io.kotangent.rewrite;

import io.kotangent.ir.Axes;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.Optional;

/// `broadcast[b] broadcast[a] x` → `broadcast[b∘a] x`, and `x` itself if no axis is new.
public record MergeBroadcasts() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Broadcast(var outer, var to))) {
      return Optional.empty();
    }
    Node x = node.operand(0);
    if (outer.size() == to.rank()) {
      return Optional.of(x);
    }
    return x.op() instanceof Op.Broadcast(var inner, _)
        ? Optional.of(builder.broadcast(x.operand(0), Axes.at(outer, inner), to))
        : Optional.empty();
  }
}
