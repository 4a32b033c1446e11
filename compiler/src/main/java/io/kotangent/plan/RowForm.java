package io.kotangent.plan;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.SumOrder;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A contraction seen as rows: a row of the result along one free label, accumulated from rows of the operand
/// that has this label ("rows"), each times an element of the other ("factors").
///
/// @param swapped whether the rows come from the left operand
/// @param row the label that a row runs along: contiguous in the operand and in the result
/// @param outer the other labels of the result, outermost first
/// @param summed the summed labels, in the order of the sum
record RowForm(Op.Contract op, Node node, boolean swapped, char row, String outer, String summed) {
  /// Rows shorter than this do not pay.
  static final int SHORT = 8;

  /// The row form, if some free label is contiguous where it has to be.
  static Optional<RowForm> of(Node node) {
    if (!(node.op() instanceof Op.Contract op) || !node.dtype().isFloat()
        || op.accumulator() != node.dtype()
        || op.order().kind() != SumOrder.Kind.SEQUENTIAL || op.order().labels().isEmpty()) {
      return Optional.empty();
    }
    Optional<RowForm> right = of(node, op, false);
    Optional<RowForm> left = of(node, op, true);
    return right.isEmpty() || left.isPresent() && left.get().isLonger(right.get()) ? left : right;
  }

  private static Optional<RowForm> of(Node node, Op.Contract op, boolean swapped) {
    String rows = swapped ? op.left() : op.right();
    char label = lastLabel(op.result(), node);
    if (label == 0 || label != lastLabel(rows, node.operand(swapped ? 0 : 1))
        || (swapped ? op.right() : op.left()).indexOf(label) >= 0) {
      return Optional.empty();
    }
    String outer = op.result().replace(String.valueOf(label), "");
    return Optional.of(new RowForm(op, node, swapped, label, outer, op.order().labels()));
  }

  /// The last label whose axis is not of size 1; 0 if there is none.
  private static char lastLabel(String labels, Node node) {
    for (int i = labels.length() - 1; i >= 0; i--) {
      if (!node.shape().dim(i).is(1)) {
        return labels.charAt(i);
      }
    }
    return 0;
  }

  private boolean isLonger(RowForm other) {
    return !length().isConstant()
        || other.length().isConstant() && length().constant() > other.length().constant();
  }

  Node rows() {
    return node.operand(swapped ? 0 : 1);
  }

  Node factors() {
    return node.operand(swapped ? 1 : 0);
  }

  String rowLabels() {
    return swapped ? op.left() : op.right();
  }

  String factorLabels() {
    return swapped ? op.right() : op.left();
  }

  Dim length() {
    return node.shape().dim(op.result().indexOf(row));
  }

  /// The axis of the result that a row runs along.
  int rowAxis() {
    return op.result().indexOf(row);
  }

  Dim size(char label) {
    int at = op.result().indexOf(label);
    return at >= 0 ? node.shape().dim(at) : rows().shape().dim(rowLabels().indexOf(label));
  }

  /// The stride of a label in a row-major tensor with these labels; zero if it has no such label.
  static Dim stride(char label, String labels, Node tensor) {
    int at = labels.indexOf(label);
    if (at < 0) {
      return Dim.ZERO;
    }
    Dim stride = Dim.ONE;
    for (int i = labels.length() - 1; i > at; i--) {
      stride = stride.times(tensor.shape().dim(i));
    }
    return stride;
  }

  /// Labels of the result that only the factors have: consecutive rows along the last of them share rows of
  /// the other operand.
  List<Character> sharing() {
    List<Character> labels = new ArrayList<>();
    for (char label : outer.toCharArray()) {
      if (rowLabels().indexOf(label) < 0) {
        labels.add(label);
      }
    }
    return labels;
  }

  /// Whether it is worth it: a row of some length.
  boolean pays() {
    return !length().isConstant() || length().constant() >= SHORT;
  }
}
