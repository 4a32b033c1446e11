package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import java.util.Optional;

/// `stop_gradient x` → `x`, after the last differentiation.
public record DropStopGradients() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    return node.op() instanceof Op.Map(var fn) && fn == ScalarFn.STOP_GRADIENT
        ? Optional.of(node.operand(0)) : Optional.empty();
  }
}
