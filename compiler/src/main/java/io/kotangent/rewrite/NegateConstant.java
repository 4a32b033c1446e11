package io.kotangent.rewrite;

import io.kotangent.ir.BasicEval;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import java.util.Optional;
import java.util.OptionalLong;

/// `-(x * 2)` → `x * -2`, `-(x / 2)` → `x / -2`, `-(2 / x)` → `-2 / x`: the sign of a product is exact, and a constant's is free.
public record NegateConstant() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Map(var neg)) || neg != ScalarFn.NEG || !node.dtype().isFloat()
        || !(node.operand(0).op() instanceof Op.Map(var fn))
        || fn != ScalarFn.MUL && fn != ScalarFn.DIV) {
      return Optional.empty();
    }
    Node product = node.operand(0);
    for (int i = 1; i >= 0; i--) {
      Node constant = product.operand(i);
      OptionalLong bits = Uniform.bits(constant);
      if (bits.isPresent() && constant.shape().equals(node.shape())) {
        double value = node.dtype() == DType.F32 ? BasicEval.f32(bits.getAsLong())
            : BasicEval.f64(bits.getAsLong());
        Node negated = builder.fill(node.type(), -value);
        return Optional.of(i == 1 ? builder.map(fn, product.operand(0), negated)
            : builder.map(fn, negated, product.operand(1)));
      }
    }
    return Optional.empty();
  }
}
