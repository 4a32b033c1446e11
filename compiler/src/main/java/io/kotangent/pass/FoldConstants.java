package io.kotangent.pass;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.rewrite.Hazard;
import io.kotangent.rewrite.Rewrite;
import io.kotangent.type.DType;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// `add 2, 3` → `5`: an op on constants is computed now, by an evaluator that gives the bits that the plan would.
///
/// Not folded: broadcasts and index ramps (they cost nothing where they are used), random draws, what could be an error
/// (integer division by zero, indices out of range), and results of more than 4096 elements.
record FoldConstants(ConstantEvaluator evaluator) implements Rewrite {
  private static final long LARGEST = 4096;

  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (node.op() instanceof Op.Size(var dim)) {
      return dim.isConstant()
          ? Optional.of(builder
              .constant(Literal.of(TensorType.scalar(DType.I64), new long[] {dim.constant()})))
          : Optional.empty();
    }
    return isFoldable(node) ? evaluator.evaluate(node).map(builder::constant) : Optional.empty();
  }

  /// Whether the node is a small computation on constants alone that cannot fail.
  static boolean isFoldable(Node node) {
    if (!isComputation(node.op()) || !isSmall(node.shape()) || hasSymbols(node.op())) {
      return false;
    }
    for (Node operand : node.operands()) {
      if (!(operand.op() instanceof Op.Constant) || !isSmall(operand.shape())) {
        return false;
      }
    }
    return Hazard.of(node).isEmpty();
  }

  private static boolean isSmall(Shape shape) {
    return shape.size().isConstant() && shape.size().constant() <= LARGEST;
  }

  /// A slice of a fixed length may begin at a place that is not known yet.
  private static boolean hasSymbols(Op op) {
    Set<String> symbols = new HashSet<>();
    Resize.collectSymbols(op, symbols);
    return !symbols.isEmpty();
  }

  private static boolean isComputation(Op op) {
    return switch (op) {
      case Op.Source _, Op.Broadcast _, Op.Indexing _, Op.Control _, Op.Item _ -> false;
      case Op.Lane _, Op.Layout _, Op.Sum _ -> true;
    };
  }
}
