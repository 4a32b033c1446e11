package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import java.util.Optional;

/// `exp(x) / sum(exp(x))` → the same of `x − max(x)`: exponentials do not overflow, and the sum is at least 1.
public record SubtractMaxInSoftmax() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    Optional<Softmax> found = Softmax.of(node);
    if (found.isEmpty() || found.get().isShifted()) {
      return Optional.empty();
    }
    Softmax softmax = found.get();
    Node exp = builder.map(ScalarFn.EXP, softmax.shifted(softmax.shift(builder), builder));
    return Optional
        .of(builder.map(ScalarFn.DIV, exp, softmax.repeat(softmax.sum(exp, builder), builder)));
  }
}
