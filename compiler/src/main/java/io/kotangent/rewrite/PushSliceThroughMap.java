package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `slice map(a, b)` → `map(slice a, slice b)`: computes only what is taken, and lets slices meet other slices.
///
/// Not for integer division, whose error in a lane must not depend on whether a slice takes that lane.
public record PushSliceThroughMap() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Slice) || !isLanes(node.operand(0))) {
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

  /// Whether the node computes each lane by itself, and none can fail.
  static boolean isLanes(Node node) {
    if (node.op() instanceof Op.Map(var fn)) {
      return fn != ScalarFn.DIV && fn != ScalarFn.REM || node.dtype().isFloat();
    }
    return node.op() instanceof Op.Cast;
  }
}
