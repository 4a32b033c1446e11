package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import java.util.Optional;

/// `log(exp(z) / sum(exp(z)))` → `z − log(sum(exp(z)))` for a z whose maximum is 0: finite where the probability underflows to
/// 0, and with the gradient `onehot − p`.
public record LogOfSoftmax() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!node.applies(ScalarFn.LOG)) {
      return Optional.empty();
    }
    Optional<Softmax> found = Softmax.of(node.operand(0));
    if (found.isEmpty() || !found.get().isShifted()) {
      return Optional.empty();
    }
    Softmax softmax = found.get();
    Node total = softmax.repeat(builder.map(ScalarFn.LOG, softmax.total()), builder);
    return Optional.of(builder.map(ScalarFn.SUB, softmax.x(), total));
  }
}
