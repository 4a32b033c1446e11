package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import java.util.Optional;

/// `exp(z) * (t / sum(exp(z)))` → `t * (exp(z) / sum(exp(z)))`: the probabilities that the derivative of a log-softmax is made
/// of. Relaxed: it rounds in another order.
public record FindSoftmax() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!node.applies(ScalarFn.MUL)) {
      return Optional.empty();
    }
    Optional<Node> found = find(node.operand(0), node.operand(1), builder);
    return found.isPresent() ? found : find(node.operand(1), node.operand(0), builder);
  }

  private static Optional<Node> find(Node exp, Node factor, GraphBuilder builder) {
    if (!exp.applies(ScalarFn.EXP) || !(factor.op() instanceof Op.Broadcast(var axes, var to))
        || !factor.operand(0).applies(ScalarFn.DIV)) {
      return Optional.empty();
    }
    Node quotient = factor.operand(0);
    Node probabilities =
        builder.map(ScalarFn.DIV, exp, builder.broadcast(quotient.operand(1), axes, to));
    if (Softmax.of(probabilities).isEmpty()) {
      return Optional.empty();
    }
    Node t = quotient.operand(0);
    return Optional.of(Uniform.is(t, 1) ? probabilities
        : builder.map(ScalarFn.MUL, builder.broadcast(t, axes, to), probabilities));
  }
}
