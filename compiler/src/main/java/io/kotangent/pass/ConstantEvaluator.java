package io.kotangent.pass;

import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import java.util.Optional;

/// Computes what a plan would: the same bits. The plan's interpreter lives in a later package, so it is handed in.
@FunctionalInterface
public interface ConstantEvaluator {
  /// The value of a node whose operands are all constants; empty if this evaluator does not know the op.
  Optional<Literal> evaluate(Node node);

  /// This evaluator, and another for what it does not know.
  default ConstantEvaluator or(ConstantEvaluator other) {
    return node -> {
      Optional<Literal> value = evaluate(node);
      return value.isPresent() ? value : other.evaluate(node);
    };
  }
}
