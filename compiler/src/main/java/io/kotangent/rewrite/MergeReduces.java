package io.kotangent.rewrite;

import io.kotangent.ir.Axes;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `reduce.max reduce.max x` → `reduce.max x` over both lists of axes; likewise min, all, any: they have no order.
public record MergeReduces() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Reduce outer) || !ReduceOfBroadcast.isIdempotent(outer.kind())) {
      return Optional.empty();
    }
    Node x = node.operand(0);
    if (outer.axes().isEmpty()) {
      return Optional.of(x);
    }
    if (!(x.op() instanceof Op.Reduce inner) || inner.kind() != outer.kind()) {
      return Optional.empty();
    }
    List<Integer> kept = Axes.others(inner.axes(), x.operand(0).shape().rank());
    List<Integer> axes = new ArrayList<>(inner.axes());
    axes.addAll(Axes.at(kept, outer.axes()));
    axes.sort(Integer::compare);
    return Optional.of(builder.reduce(outer.kind(), x.operand(0), axes));
  }
}
