package io.kotangent.plan.form;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.SumOrder;
import io.kotangent.plan.nest.Chunks;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.List;
import java.util.Optional;

/// A long sum with few results, seen as chunks: the gradient of a bias, or of the weights of one neuron. Threads cannot share the
/// results, so they share the chunks.
///
/// @param result the labels of the result
/// @param summed the summed labels, in the order of the sum; chunks are steps of the first one
public record ChunkForm(Node node, List<Operand> operands, String result, String summed) {
  /// The most results.
  private static final int FEW = 64;
  /// Chunks from which it is worth two kernels.
  private static final int MANY = 8;

  /// An operand, with a letter for each of its axes.
  public record Operand(Node tensor, String labels) {
    public Dim stride(char label) {
      return RowForm.stride(label, labels, tensor);
    }
  }

  /// The sum as one of chunks, if it is long and its results are few.
  public static Optional<ChunkForm> of(Node node) {
    return switch (node.op()) {
      case Op.Contract op when hasFew(node) && isInOrder(node, op.accumulator(), op.order()) ->
          of(node,
              List.of(new Operand(node.operand(0), op.left()),
                  new Operand(node.operand(1), op.right())),
              op.result(), op.order().labels());
      case Op.Reduce op when hasFew(node) && op.kind() == Op.Reduction.SUM
          && isInOrder(node, op.accumulator(), op.order()) -> {
        String labels = SumOrder.axisLabels(node.operand(0).shape().rank());
        yield of(node, List.of(new Operand(node.operand(0), labels)),
            SumOrder.summed(labels, op.order().labels()), op.order().labels());
      }
      case Op.Source _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ ->
          Optional.empty();
    };
  }

  private static boolean hasFew(Node node) {
    Dim size = node.shape().size();
    return node.dtype().isFloat() && size.isConstant() && size.constant() <= FEW && !size.is(0);
  }

  private static boolean isInOrder(Node node, DType accumulator, SumOrder order) {
    return accumulator == node.dtype() && order.kind() == SumOrder.Kind.SEQUENTIAL
        && !order.labels().isEmpty();
  }

  private static Optional<ChunkForm> of(Node node, List<Operand> operands, String result,
      String summed) {
    Dim inner = inner(operands, summed);
    if (!inner.isConstant() || inner.is(0)) {
      return Optional.empty();
    }
    ChunkForm form = new ChunkForm(node, operands, result, summed);
    return form.isLong() ? Optional.of(form) : Optional.empty();
  }

  /// Sums of rows over a batch alone are short enough for one thread and one kernel, which may finish what is made of them.
  private boolean isLong() {
    if (count().isConstant()) {
      return chunks().constant() >= MANY;
    }
    return operands.size() > 1 || results() < RowForm.SHORT || inner().constant() >= MANY;
  }

  private static Dim size(List<Operand> operands, char label) {
    for (Operand operand : operands) {
      int axis = operand.labels.indexOf(label);
      if (axis >= 0) {
        return operand.tensor.shape().dim(axis);
      }
    }
    throw new IllegalStateException("no operand has label " + label);
  }

  private static Dim inner(List<Operand> operands, String summed) {
    Dim inner = Dim.ONE;
    for (char label : summed.substring(1).toCharArray()) {
      inner = inner.times(size(operands, label));
    }
    return inner;
  }

  public Dim size(char label) {
    return size(operands, label);
  }

  /// How many elements a step of the first summed label has.
  public Dim inner() {
    return inner(operands, summed);
  }

  /// How many steps the first summed label has.
  public Dim count() {
    return size(summed.charAt(0));
  }

  /// How many of them make a chunk.
  public int steps() {
    return Chunks.steps(inner().constant());
  }

  /// How many results there are.
  public int results() {
    return (int) node.shape().size().constant();
  }

  public Dim chunks() {
    return count().ceilDiv(Dim.of(steps()));
  }

  /// How many totals there are: the results of one chunk after those of another.
  public Dim totals() {
    return chunks().times(results());
  }
}
