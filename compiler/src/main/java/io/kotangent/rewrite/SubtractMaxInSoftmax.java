package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import java.util.Optional;

/// `exp(x) / sum(exp(x))` → the same of `x − max(x)`: exponentials do not overflow, and the sum is at least 1.
public record SubtractMaxInSoftmax() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    return Softmax.of(node).filter(softmax -> !softmax.isShifted()).map(softmax -> {
      Node exp = builder.map(ScalarFn.EXP, softmax.shifted(softmax.shift(builder), builder));
      return builder.map(ScalarFn.DIV, exp, softmax.repeat(softmax.sum(exp, builder), builder));
    });
  }
}
