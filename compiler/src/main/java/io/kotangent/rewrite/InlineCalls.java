package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.Optional;

/// `item call(f, a, b)` → the computation of f on a and b: small bodies fuse with what is around them.
///
/// Not for bodies that draw random bits, whose streams the call site names. Before differentiation, calls that have a
/// derivative of their own stay.
///
/// @param customDerivatives whether those calls are inlined too
public record InlineCalls(boolean customDerivatives) implements Rewrite {
  private static final int LARGEST = 256;

  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Item(var index))
        || !(node.operand(0).op() instanceof Op.Call(var callee, var derivative))
        || derivative.isPresent() && !customDerivatives || callee.schedule().size() > LARGEST
        || callee.draws()) {
      return Optional.empty();
    }
    return Optional.of(builder.inline(callee, node.operand(0).operands()).get(index));
  }
}
