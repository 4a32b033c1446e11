package io.kotangent.formula;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.List;

/// Sums of products in matrix notation, where they have one: a vector is a column, leading axes that all share are a stack of
/// matrices, axes that stay together are one.
final class Contractions {
  private String left;
  private String right;
  private String result;

  private Contractions(Op.Contract op) {
    this.left = op.left();
    this.right = op.right();
    this.result = op.result();
  }

  static FormulaTerm of(Op.Contract op, Node node, FormulaTerm x, FormulaTerm y) {
    if (op.left().isEmpty() || op.right().isEmpty()) {
      return ofScalar(op, x, y);
    }
    if (op.left().equals(op.right()) && (op.left().length() > 1 || x.equals(y))) {
      return ofElements(op, node, Algebra.product(x, y));
    }
    Contractions matrices = new Contractions(op);
    matrices.joinAxes();
    matrices.dropStack();
    return matrices.product(x, y, node.type().rank())
        .orElseGet(() -> Algebra.applied("einsum[" + op.labels() + "]", node.type().rank(),
            List.of(x, y)));
  }

  /// A scalar times a tensor.
  private static FormulaTerm ofScalar(Op.Contract op, FormulaTerm x, FormulaTerm y) {
    return op.left().isEmpty() ? Algebra.product(x, ordered(y, op.right(), op.result()))
        : Algebra.product(y, ordered(x, op.left(), op.result()));
  }

  /// With axes in another order.
  private static FormulaTerm ordered(FormulaTerm x, String from, String to) {
    if (from.equals(to)) {
      return x;
    }
    int pair = from.length() - 2;
    String turned = from.substring(0, pair) + from.charAt(pair + 1) + from.charAt(pair);
    return turned.equals(to) ? Algebra.transposed(x)
        : Algebra.applied("transpose", to.length(), List.of(x));
  }

  /// Both have the same axes: a sum over a product, element by element.
  private static FormulaTerm ofElements(Op.Contract op, Node node, FormulaTerm product) {
    List<Integer> summed = new ArrayList<>();
    StringBuilder kept = new StringBuilder();
    for (int i = 0; i < op.left().length(); i++) {
      if (op.result().indexOf(op.left().charAt(i)) < 0) {
        summed.add(i);
      } else {
        kept.append(op.left().charAt(i));
      }
    }
    Shape shape = node.operand(0).shape();
    FormulaTerm sum = summed.isEmpty() ? product : Reductions.sum(product, summed, shape);
    return ordered(sum, kept.toString(), op.result());
  }

  /// Two labels that stand side by side wherever one of them stands are one.
  private void joinAxes() {
    for (int i = 0; i + 1 < left.length(); i++) {
      join(left.charAt(i), left.charAt(i + 1));
    }
    for (int i = 0; i + 1 < right.length(); i++) {
      join(right.charAt(i), right.charAt(i + 1));
    }
  }

  private void join(char a, char b) {
    String pair = "" + a + b;
    boolean together = List.of(left, right, result).stream().allMatch(
        labels -> labels.contains(pair) || labels.indexOf(a) < 0 && labels.indexOf(b) < 0);
    if (together) {
      left = left.replace(pair, "" + a);
      right = right.replace(pair, "" + a);
      result = result.replace(pair, "" + a);
    }
  }

  private void dropStack() {
    while (!left.isEmpty() && !right.isEmpty() && !result.isEmpty()
        && left.charAt(0) == right.charAt(0) && left.charAt(0) == result.charAt(0)) {
      left = left.substring(1);
      right = right.substring(1);
      result = result.substring(1);
    }
  }

  private java.util.Optional<FormulaTerm> product(FormulaTerm x, FormulaTerm y, int rank) {
    String summed = left.chars().filter(c -> result.indexOf(c) < 0)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
    boolean shared = result.chars().anyMatch(c -> left.indexOf(c) >= 0 && right.indexOf(c) >= 0);
    boolean outer = summed.isEmpty() && left.length() == 1 && right.length() == 1;
    if (shared || left.isEmpty() || right.isEmpty() || left.length() > 2 || right.length() > 2
        || summed.length() != 1 && !outer) {
      return java.util.Optional.empty();
    }
    if (result.length() == 2 && right.indexOf(result.charAt(0)) >= 0) {
      String first = left;
      left = right;
      right = first;
      return product(y, x, rank);
    }
    if (outer) {
      return java.util.Optional.of(Algebra.matrices(x, Algebra.transposed(y), rank));
    }
    boolean vectorFirst = left.length() == 1 && right.length() == 2;
    return java.util.Optional.of(vectorFirst ? matrixVector(right, summed, y, x, rank)
        : right.length() == 1 && left.length() == 2 ? matrixVector(left, summed, x, y, rank)
            : Algebra.matrices(
                left.endsWith(summed) && left.length() == 2 ? x : Algebra.transposed(x),
                right.startsWith(summed) ? y : Algebra.transposed(y), rank));
  }

  private static FormulaTerm matrixVector(String labels, String summed, FormulaTerm matrix,
      FormulaTerm vector, int rank) {
    return Algebra.matrices(labels.endsWith(summed) ? matrix : Algebra.transposed(matrix), vector,
        rank);
  }
}
