package io.kotangent.dsl;

import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// Reductions that are compositions; `axes` are the places that are reduced, increasing.
final class Statistics {
  private Statistics() {
  }

  /// Puts a reduced value back along the axes that were reduced, as the right side of `fn`.
  private static Value against(ScalarFn fn, Value x, Value reduced, List<Integer> axes) {
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      if (!axes.contains(i)) {
        kept.add(i);
      }
    }
    Trace t = x.trace();
    return t.map(fn, x, t.expand(reduced, kept, x.axes()));
  }

  /// 0 to rank − 1.
  static List<Integer> axesBefore(int rank) {
    List<Integer> axes = new ArrayList<>(rank);
    for (int i = 0; i < rank; i++) {
      axes.add(i);
    }
    return axes;
  }

  static Value mean(Value x, List<Integer> axes) {
    Trace t = x.trace();
    try (var _ = t.enter("mean")) {
      return divideByCount(t.reduce(Op.Reduction.SUM, x, axes), x, axes);
    }
  }

  private static Value divideByCount(Value sum, Value x, List<Integer> axes) {
    Trace t = x.trace();
    return t.binary(ScalarFn.DIV, sum, t.count(x, axes), Align.TRAILING);
  }

  /// The mean of the squared distance from the mean.
  static Value variance(Value x, List<Integer> axes) {
    Trace t = x.trace();
    try (var _ = t.enter("variance")) {
      Value centered = against(ScalarFn.SUB, x, mean(x, axes), axes);
      return divideByCount(
          t.reduce(Op.Reduction.SUM, t.map(ScalarFn.MUL, centered, centered), axes),
          x, axes);
    }
  }

  /// √Σx². Where that is 0 nothing passes: its derivative there is 0, that of a root would be infinite.
  static Value norm(Value x, List<Integer> axes) {
    Trace t = x.trace();
    try (var _ = t.enter("norm")) {
      return inRange(x, axes,
          z -> root(t.reduce(Op.Reduction.SUM, t.map(ScalarFn.MUL, z, z), axes)));
    }
  }

  /// The root of the variance, with the derivative 0 where it is 0.
  static Value standardDeviation(Value x, List<Integer> axes) {
    try (var _ = x.trace().enter("standard_deviation")) {
      return inRange(x, axes, z -> root(variance(z, axes)));
    }
  }

  private static Value root(Value square) {
    Trace t = square.trace();
    Value isZero = t.withNumber(ScalarFn.EQ, square, 0, false);
    Value zero = t.node(b -> b.fill(square.node().type(), 0), square.axes(), square);
    return t.map(ScalarFn.SELECT, isZero, zero, t.map(ScalarFn.SQRT, square));
  }

  /// Something that grows as x does, of numbers whose squares are neither 0 nor infinite: in f64 if they are f32, otherwise times
  /// a power of two.
  private static Value inRange(Value x, List<Integer> axes, UnaryOperator<Value> of) {
    Trace t = x.trace();
    if (x.node().dtype() == DType.F32) {
      return t.cast(DType.F32, of.apply(t.cast(DType.F64, x)));
    }
    Value size = t.reduce(Op.Reduction.MAX, t.map(ScalarFn.ABS, x), axes);
    Value unit = t.map(ScalarFn.SELECT, t.withNumber(ScalarFn.LT, size, 0x1p-300, false),
        t.fill(0x1p600, size.axes()),
        t.map(ScalarFn.SELECT, t.withNumber(ScalarFn.GT, size, 0x1p400, false),
            t.fill(0x1p-600, size.axes()), t.fill(1, size.axes())));
    return t.map(ScalarFn.DIV, of.apply(against(ScalarFn.MUL, x, unit, axes)), unit);
  }

  /// x less the greatest of its row, so that no exponential overflows; 0 for the greatest itself, infinite or not.
  private static Value shifted(Value x, List<Integer> axes) {
    return against(ScalarFn.ZERO_SUB, x, greatest(x, axes), axes);
  }

  /// The greatest of each row, through which no gradient passes: what is computed from the difference does not depend on it.
  private static Value greatest(Value x, List<Integer> axes) {
    Trace t = x.trace();
    return t.map(ScalarFn.STOP_GRADIENT, t.reduce(Op.Reduction.MAX, x, axes));
  }

  static Value softmax(Value x, List<Integer> axes) {
    Trace t = x.trace();
    try (var _ = t.enter("softmax")) {
      Value e = t.map(ScalarFn.EXP, shifted(x, axes));
      return against(ScalarFn.DIV, e, t.reduce(Op.Reduction.SUM, e, axes), axes);
    }
  }

  private static Value logOfSum(Value shifted, List<Integer> axes) {
    Trace t = shifted.trace();
    return t.map(ScalarFn.LOG, t.reduce(Op.Reduction.SUM, t.map(ScalarFn.EXP, shifted), axes));
  }

  static Value logSoftmax(Value x, List<Integer> axes) {
    try (var _ = x.trace().enter("log_softmax")) {
      Value z = shifted(x, axes);
      return against(ScalarFn.SUB, z, logOfSum(z, axes), axes);
    }
  }

  static Value logSumExp(Value x, List<Integer> axes) {
    Trace t = x.trace();
    try (var _ = t.enter("log_sum_exp")) {
      return t.map(ScalarFn.ADD, logOfSum(shifted(x, axes), axes), greatest(x, axes));
    }
  }

  /// `log Σ eᶻ − z[label]` for logits with classes along the last axis, after the axes of the labels.
  static Value crossEntropy(Value logits, Value labels) {
    Trace t = logits.trace();
    try (var _ = t.enter("cross_entropy")) {
      int classes = logits.rank() - 1;
      Value z = shifted(logits, List.of(classes));
      Value picked = t.node(b -> b.add(new Op.Gather(classes, classes), z.node(), labels.node()),
          labels.axes(), z, labels);
      return t.map(ScalarFn.SUB, logOfSum(z, List.of(classes)), picked);
    }
  }

  private static Value is(Value x, double number) {
    return x.trace().map(ScalarFn.EQ, x, x.trace().fill(number, x.axes()));
  }

  /// `−(t·log p + (1 − t)·log(1 − p))` of the two logarithms.
  static Value binaryCrossEntropy(Value targets, Value logOfP, Value logOfRest) {
    Trace t = targets.trace();
    Value others = t.map(ScalarFn.SUB, t.fill(1, targets.axes()), targets);
    return t.map(ScalarFn.NEG,
        t.map(ScalarFn.ADD, weighted(targets, logOfP), weighted(others, logOfRest)));
  }

  /// `weight · log`, in which 0 · −∞ is 0: what has no weight does not count.
  private static Value weighted(Value weight, Value log) {
    Trace t = weight.trace();
    Value none =
        t.map(ScalarFn.AND, is(weight, 0), is(log, Double.NEGATIVE_INFINITY));
    return t.map(ScalarFn.MUL, weight,
        t.map(ScalarFn.SELECT, none, t.fill(0, log.axes()), log));
  }

  /// The running sum is an f64, whatever the elements are, and each result is rounded once; so is the gradient, which is the
  /// running sum from the last element to the first.
  static Value cumulativeSum(Value x, int axis) {
    Trace t = x.trace();
    try (var _ = t.enter("cumulative_sum")) {
      List<Extent> inner = new ArrayList<>(x.axes());
      inner.remove(axis);
      List<Value> zero = List.of(t.cast(DType.F64, t.fill(0, inner)));
      Value all = Recurrence.over(x, axis, zero,
          (sum, slice) -> List.of(t.map(ScalarFn.ADD, sum.getFirst(), t.cast(DType.F64, slice))),
          sum -> t.cast(x.node().dtype(), sum)).all();
      List<Integer> back = new ArrayList<>(IntStream.range(1, x.rank()).boxed().toList());
      back.add(axis, 0);
      return axis == 0 ? all : t.permute(all, back);
    }
  }
}
