package io.kotangent.rewrite;

import io.kotangent.ir.BasicEval;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import java.util.Optional;
import java.util.OptionalLong;

/// `select(c, -g, 0) + g * p` → `g * (p − select(c, 1, 0))`: the gradient of a cross-entropy is `p − y`. Relaxed: it rounds in
/// another order.
public record FactorOneHot() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!node.applies(ScalarFn.ADD) || !node.dtype().isFloat()) {
      return Optional.empty();
    }
    Optional<Node> found = factor(node.operand(0), node.operand(1), builder);
    return found.isPresent() ? found : factor(node.operand(1), node.operand(0), builder);
  }

  private static Optional<Node> factor(Node choice, Node product, GraphBuilder builder) {
    if (!choice.applies(ScalarFn.SELECT) || !Uniform.isZero(choice.operand(2))) {
      return Optional.empty();
    }
    Node one = builder.fill(choice.type(), 1);
    if (isNegative(choice.operand(1), one)) {
      return Optional.of(builder.map(ScalarFn.SUB, product, indicator(choice, one, builder)));
    }
    for (int i = 0; i < 2 && product.applies(ScalarFn.MUL); i++) {
      Node g = product.operand(i);
      if (isNegative(choice.operand(1), g)) {
        Node difference =
            builder.map(ScalarFn.SUB, product.operand(1 - i), indicator(choice, one, builder));
        return Optional.of(builder.map(ScalarFn.MUL, g, difference));
      }
    }
    return Optional.empty();
  }

  private static Node indicator(Node choice, Node one, GraphBuilder builder) {
    return builder.map(ScalarFn.SELECT, choice.operand(0), one, choice.operand(2));
  }

  /// Whether `a` surely is `−b`: by a `neg`, by opposite constants, or by such a factor.
  private static boolean isNegative(Node a, Node b) {
    Node left = a;
    Node right = b;
    while (true) {
      if (left.applies(ScalarFn.NEG) && left.operand(0) == right
          || right.applies(ScalarFn.NEG) && right.operand(0) == left
          || areOpposite(left, right)) {
        return true;
      }
      boolean sameOp =
          left.op().equals(right.op()) && left.operands().size() == right.operands().size();
      if (sameOp && left.op() instanceof Op.Broadcast) {
        left = left.operand(0);
        right = right.operand(0);
      } else if (sameOp && (left.applies(ScalarFn.MUL) || left.applies(ScalarFn.DIV))
          && left.operand(1) == right.operand(1)) {
            left = left.operand(0);
            right = right.operand(0);
          } else {
            return false;
          }
    }
  }

  private static boolean areOpposite(Node a, Node b) {
    OptionalLong left = Uniform.bits(a);
    OptionalLong right = Uniform.bits(b);
    return left.isPresent() && right.isPresent()
        && (left.getAsLong() ^ right.getAsLong()) == BasicEval.signBit(a.dtype());
  }
}
