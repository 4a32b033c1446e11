package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `reverse[b] reverse[a] x` → `reverse[a xor b] x`; axes of size 1 need no reversing; `x` itself if none is left.
public record MergeReverses() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Reverse(var outer))) {
      return Optional.empty();
    }
    Node x = node.operand(0);
    List<Integer> reversed = new ArrayList<>(outer);
    Node source = x;
    if (x.op() instanceof Op.Reverse(var inner)) {
      source = x.operand(0);
      for (Integer axis : inner) {
        if (!reversed.remove(axis)) {
          reversed.add(axis);
        }
      }
    }
    reversed.removeIf(axis -> node.shape().dim(axis).is(1));
    reversed.sort(Integer::compare);
    if (reversed.isEmpty()) {
      return Optional.of(source);
    }
    return reversed.equals(outer) ? Optional.empty()
        : Optional.of(builder.add(new Op.Reverse(reversed), source));
  }
}
