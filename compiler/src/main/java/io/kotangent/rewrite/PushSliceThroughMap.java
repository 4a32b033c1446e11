package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `slice map(a, b)` → `map(slice a, slice b)`: computes only what is taken, and lets slices meet other slices.
public record PushSliceThroughMap() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Slice) || !(node.operand(0).op() instanceof Op.Lane)) {
      return Optional.empty();
    }
    Node map = node.operand(0);
    List<Node> sliced = new ArrayList<>();
    for (Node operand : map.operands()) {
      if (!operand.shape().equals(map.shape())) {
        return Optional.empty();
      }
      sliced.add(builder.add(node.op(), operand));
    }
    return Optional.of(builder.add(map.op(), sliced));
  }
}
