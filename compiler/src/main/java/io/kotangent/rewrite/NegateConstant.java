package io.kotangent.rewrite;

import io.kotangent.ir.BasicEval;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// `-(x * 2)` → `x * -2`, `-(x / 2)` → `x / -2`, `-(2 / x)` → `-2 / x`: the sign of a product is exact, and a constant's is free.
/// Likewise `-select(c, x, 2)` → `select(c, -x, -2)`, where the sign may meet another constant.
public record NegateConstant() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!node.applies(ScalarFn.NEG) || !node.dtype().isFloat()
        || !(node.operand(0).op() instanceof Op.Map(var fn))
        || fn != ScalarFn.MUL && fn != ScalarFn.DIV && fn != ScalarFn.SELECT) {
      return Optional.empty();
    }
    Node x = node.operand(0);
    for (int i = x.operands().size() - 1; i >= (fn == ScalarFn.SELECT ? 1 : 0); i--) {
      OptionalLong bits = Uniform.bits(x.operand(i));
      if (bits.isPresent() && x.operand(i).type().equals(node.type())) {
        List<Node> operands = new ArrayList<>(x.operands());
        operands.set(i, negated(node.type(), bits.getAsLong(), builder));
        if (fn == ScalarFn.SELECT) {
          operands.set(3 - i, builder.map(ScalarFn.NEG, x.operand(3 - i)));
        }
        return Optional.of(builder.add(x.op(), operands));
      }
    }
    return Optional.empty();
  }

  private static Node negated(TensorType type, long bits, GraphBuilder builder) {
    return builder.fill(type, -BasicEval.real(type.dtype(), bits));
  }
}
