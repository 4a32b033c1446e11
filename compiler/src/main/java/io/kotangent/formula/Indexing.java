package io.kotangent.formula;

import io.kotangent.formula.FormulaTerm.Picked;
import io.kotangent.formula.FormulaTerm.Power;
import io.kotangent.formula.FormulaTerm.Product;
import io.kotangent.formula.FormulaTerm.Sliced;
import io.kotangent.formula.FormulaTerm.Sum;
import io.kotangent.ir.Axes;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.Dim;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/// Elements at positions, and values put at positions.
final class Indexing {
  private Indexing() {
  }

  /// `z[label]`: of each row the element at its position, or the rows of a table at positions.
  static FormulaTerm gather(Op.Gather gather, Node node, FormulaTerm x, FormulaTerm at) {
    int rank = node.operand(0).type().rank();
    boolean ofRows = gather.batchDims() == gather.axis() && gather.axis() == rank - 1
        && at.rank() == gather.batchDims();
    boolean same = x instanceof Sum s && s.terms().stream()
        .anyMatch(t -> !Reductions.axesOf(t, rank).contains(gather.axis()));
    if (ofRows && same && x instanceof Sum sum) {
      Map<Boolean, List<Product>> varying = sum.terms().stream().collect(Collectors
          .partitioningBy(t -> Reductions.axesOf(t, rank).contains(gather.axis())));
      FormulaTerm rest = Algebra.sum(varying.getOrDefault(false, List.of()).stream()
          .map(t -> Reductions.without(t, List.of(gather.axis()), rank)).toList());
      FormulaTerm picked = ofRows(Algebra.asProduct(
          Algebra.sum(varying.getOrDefault(true, List.of()))), gather.axis(), rank, at);
      return Algebra.sum(picked, rest);
    }
    if (ofRows) {
      return ofRows(Algebra.asProduct(x), gather.axis(), rank, at);
    }
    return gather.axis() == 0 && gather.batchDims() == 0 ? picked(x, at, node.type().rank())
        : Reading.byName(node, List.of(x, at));
  }

  private static FormulaTerm picked(FormulaTerm x, FormulaTerm at, int rank) {
    return new Picked(x, at, rank, Algebra.size(List.of(x, at)));
  }

  /// What is the same at all positions is so at this one.
  private static FormulaTerm ofRows(Product term, int axis, int rank, FormulaTerm at) {
    FormulaTerm all = Algebra.number(term.coefficient());
    for (Power factor : term.factors()) {
      boolean varies = Reductions.axesOf(factor.base(), rank).contains(axis);
      FormulaTerm base = varies ? picked(factor.base(), at, rank - 1)
          : Reductions.without(factor.base(), List.of(axis), rank);
      all = Algebra.product(all, Algebra.power(base, factor.exponent()));
    }
    return all;
  }

  /// `x[1:n, ::2]`.
  static FormulaTerm slice(Op.Slice slice, Node node, FormulaTerm x) {
    StringJoiner axes = new StringJoiner(", ");
    for (int i = 0; i < slice.starts().size(); i++) {
      Dim start = slice.starts().get(i);
      Dim limit = slice.limits().get(i);
      int stride = slice.strides().get(i);
      axes.add((start.is(0) ? "" : start.toString()) + ":"
          + (limit.equals(node.operand(0).shape().dim(i)) ? "" : limit.toString())
          + (stride == 1 ? "" : ":" + stride));
    }
    return new Sliced(x, axes.toString(), node.type().rank(), Algebra.size(List.of(x)));
  }

  /// Values among zeros: one-hot rows times them, or the transposed one-hot matrix times rows.
  static Optional<FormulaTerm> scatter(Op.Scatter scatter, Node node, List<FormulaTerm> operands) {
    int rank = node.type().rank();
    FormulaTerm at = operands.get(1);
    FormulaTerm values = operands.get(2);
    if (!Algebra.isNumber(operands.get(0), 0)) {
      return Optional.empty();
    }
    boolean inRows = scatter.batchDims() == scatter.axis() && scatter.axis() == rank - 1
        && at.rank() == scatter.batchDims();
    if (inRows) {
      List<Integer> rows = Axes.all(rank - 1);
      return Optional.of(Algebra.product(Textbook.oneHot(at, rank),
          Reductions.spread(values, rows, rank)));
    }
    boolean ofTable = scatter.axis() == 0 && scatter.batchDims() == 0 && rank == 2
        && at.rank() == 1 && values.rank() == 2;
    return ofTable ? Optional.of(Algebra.matrices(Algebra.transposed(Textbook.oneHot(at, 2)),
        values, 2)) : Optional.empty();
  }
}
