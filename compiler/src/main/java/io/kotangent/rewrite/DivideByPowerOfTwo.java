package io.kotangent.rewrite;

import io.kotangent.ir.BasicEval;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import java.util.Optional;
import java.util.OptionalLong;

/// `x / 8` → `x * 0.125`: both are the nearest float to the same number, and a product is much faster.
///
/// For floats, when the divisor is a power of two with an exact reciprocal.
public record DivideByPowerOfTwo() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Map(var fn)) || fn != ScalarFn.DIV || !node.dtype().isFloat()) {
      return Optional.empty();
    }
    OptionalLong bits = Uniform.bits(node.operand(1));
    if (bits.isEmpty() || !node.operand(1).shape().equals(node.shape())) {
      return Optional.empty();
    }
    double divisor = BasicEval.real(node.dtype(), bits.getAsLong());
    int exponent = Math.getExponent(divisor);
    boolean exact = Math.abs(exponent) < BasicEval.maxExponent(node.dtype());
    if (Math.abs(divisor) != Math.scalb(1.0, exponent) || !exact) {
      return Optional.empty();
    }
    return Optional
        .of(builder.map(ScalarFn.MUL, node.operand(0), builder.fill(node.type(), 1 / divisor)));
  }
}
