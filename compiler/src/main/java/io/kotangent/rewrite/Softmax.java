package io.kotangent.rewrite;

import io.kotangent.ir.Axes;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import java.util.List;
import java.util.Optional;

/// What makes a softmax: `exp(x) / sum(exp(x))`, the sum repeated along the axes that it removed.
///
/// @param x what is exponentiated
/// @param sum the reduction
/// @param total the node of the sum
record Softmax(Node x, Op.Reduce sum, Node total) {
  /// The softmax that a quotient computes.
  static Optional<Softmax> of(Node node) {
    if (!node.applies(ScalarFn.DIV) || !node.operand(0).applies(ScalarFn.EXP)) {
      return Optional.empty();
    }
    Node repeated = node.operand(1);
    if (!(repeated.op() instanceof Op.Broadcast(var axes, _))) {
      return Optional.empty();
    }
    Optional<Softmax> found = ofSum(repeated.operand(0));
    return found.isPresent() && found.get().total.operand(0) == node.operand(0)
        && axes.equals(Axes.others(found.get().sum.axes(), node.shape().rank())) ? found
            : Optional.empty();
  }

  /// `sum(exp(x))`.
  static Optional<Softmax> ofSum(Node node) {
    return node.op() instanceof Op.Reduce sum && sum.kind() == Op.Reduction.SUM
        && node.operand(0).applies(ScalarFn.EXP)
            ? Optional.of(new Softmax(node.operand(0).operand(0), sum, node)) : Optional.empty();
  }

  /// Whether x is some `z − max(z)` already, so that no exponential overflows and the sum is at least 1.
  boolean isShifted() {
    return maxIn(x).filter(max -> max.axes().equals(sum.axes())).isPresent();
  }

  /// Whether it is some `z − max(z)`, so never above 0.
  static boolean isShifted(Node x) {
    return maxIn(x).isPresent();
  }

  /// The maximum of z in `z − max(z)`.
  private static Optional<Op.Reduce> maxIn(Node x) {
    if (!x.applies(ScalarFn.SUB) && !x.applies(ScalarFn.ZERO_SUB)
        || !(x.operand(1).op() instanceof Op.Broadcast(var axes, _))) {
      return Optional.empty();
    }
    Node shift = x.operand(1).operand(0);
    while (shift.applies(ScalarFn.STOP_GRADIENT)) {
      shift = shift.operand(0);
    }
    return shift.op() instanceof Op.Reduce max && max.kind() == Op.Reduction.MAX
        && axes.equals(Axes.others(max.axes(), x.shape().rank()))
        && shift.operand(0) == x.operand(0) ? Optional.of(max) : Optional.empty();
  }

  /// The largest x along the summed axes, as a constant for differentiation: the shift cancels, so nothing flows through it.
  Node shift(GraphBuilder builder) {
    return builder.map(ScalarFn.STOP_GRADIENT,
        builder.reduce(Op.Reduction.MAX, x, sum.axes()));
  }

  /// `x − shift`, 0 where both are the same infinity.
  Node shifted(Node shift, GraphBuilder builder) {
    return builder.map(ScalarFn.ZERO_SUB, x, repeat(shift, builder));
  }

  /// A node of the sum's shape, repeated to the shape of x.
  Node repeat(Node small, GraphBuilder builder) {
    List<Integer> kept = Axes.others(sum.axes(), x.shape().rank());
    return builder.broadcastTo(small, kept, x.shape());
  }

  /// The same sum of another operand.
  Node sum(Node operand, GraphBuilder builder) {
    return builder.add(sum, operand);
  }
}
