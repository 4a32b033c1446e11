package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import java.util.Optional;

/// `log(sum(exp(x)))` → `m + log(sum(exp(x − m)))` with m the maximum of x: no overflow. Nothing flows through m, so that the
/// gradient is the softmax. Where all x are −∞, the result is −∞.
public record LogSumExp() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!node.applies(ScalarFn.LOG)) {
      return Optional.empty();
    }
    Optional<Softmax> found = Softmax.ofSum(node.operand(0));
    if (found.isEmpty() || found.get().isShifted()) {
      return Optional.empty();
    }
    Softmax softmax = found.get();
    Node shift = softmax.shift(builder);
    Node sum = softmax.sum(builder.map(ScalarFn.EXP, softmax.shifted(shift, builder)), builder);
    return Optional.of(builder.map(ScalarFn.ADD, shift, builder.map(ScalarFn.LOG, sum)));
  }
}
