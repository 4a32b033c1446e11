package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.KnownBounds;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import java.util.Optional;

/// `sqrt(x)·sqrt(x)` → x, and NaN where that is negative: the derivatives of the root are infinite at 0, those of x are not.
/// So of a norm, which is `select(eq(s, 0), 0, sqrt(s))`, and behind moves.
public record SquareOfRoot() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    return node.applies(ScalarFn.MUL) && node.operand(0) == node.operand(1)
        ? squared(node.operand(0), builder) : Optional.empty();
  }

  private static Optional<Node> squared(Node root, GraphBuilder builder) {
    if (root.applies(ScalarFn.SQRT)) {
      Node x = root.operand(0);
      if (new KnownBounds().of(x).isNeverNegative()) {
        return Optional.of(x);
      }
      Node negative = builder.map(ScalarFn.LT, x, builder.fill(x.type(), 0));
      return Optional
          .of(builder.map(ScalarFn.SELECT, negative, builder.fill(x.type(), Double.NaN), x));
    }
    if (isNorm(root)) {
      return squared(root.operand(2), builder);
    }
    return root.op() instanceof Op.Broadcast || root.op() instanceof Op.Reshape
        || root.op() instanceof Op.Transpose
            ? squared(root.operand(0), builder).map(x -> builder.add(root.op(), x))
            : Optional.empty();
  }

  private static boolean isNorm(Node node) {
    if (!node.applies(ScalarFn.SELECT) || !node.operand(2).applies(ScalarFn.SQRT)) {
      return false;
    }
    Node isZero = node.operand(0);
    return Uniform.isZero(node.operand(1)) && isZero.applies(ScalarFn.EQ)
        && isZero.operand(0) == node.operand(2).operand(0) && Uniform.isZero(isZero.operand(1));
  }
}
