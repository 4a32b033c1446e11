package io.kotangent.dsl;

import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.List;
import java.util.stream.IntStream;

/// Batch normalization over all axes but the last.
final class Normalization {
  /// What running statistics keep of themselves in a step.
  static final double MOMENTUM = 0.9;
  /// What is added to a variance before its root is taken.
  static final double EPSILON = 1e-5;

  private Normalization() {
  }

  static Value batchNorm(Value x, double momentum, double epsilon) {
    Trace t = x.trace();
    divisor("batchNorm", epsilon, t.dtype());
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new KotangentException(
          "batchNorm: expected a momentum from 0 to 1, got " + momentum + t.usedAt());
    }
    Model model = Model.of(t);
    List<Extent> channel = List.of(x.axis(x.rank() - 1));
    try (var _ = t.enter(model.layer("batchNorm"))) {
      Value scale = model.declared().weight("scale", Initializer.ones(), channel);
      Value shift = model.declared().weight("shift", Initializer.zeros(), channel);
      Value mean = model.declared().running("mean", Initializer.zeros(), channel);
      Value variance = model.declared().running("variance", Initializer.ones(), channel);
      model.summaryTable().add(x, List.of(scale, shift));
      return normalized(model, x, new Value[] {scale, shift, mean, variance}, momentum, epsilon);
    }
  }

  /// (x − μ) / √(σ² + ε) · scale + shift, with μ and σ² of the batch in training and the running ones otherwise.
  private static Value normalized(Model model, Value x, Value[] p, double momentum,
      double epsilon) {
    Trace t = x.trace();
    List<Integer> others = IntStream.range(0, x.rank() - 1).boxed().toList();
    Value mean = Statistics.mean(x, others);
    Value variance = Statistics.variance(x, others);
    Value count = t.count(x, others);
    model.declared().next(p[2], blend(p[2], mean, momentum, count));
    model.declared().next(p[3], blend(p[3], variance, momentum, count));
    Value centered = t.binary(ScalarFn.SUB, x, model.whenTraining(mean, p[2]), Align.TRAILING);
    Value spread = t.withNumber(ScalarFn.ADD, model.whenTraining(variance, p[3]), epsilon, false);
    Value unit = t.binary(ScalarFn.DIV, centered, t.map(ScalarFn.SQRT, spread), Align.TRAILING);
    return t.binary(ScalarFn.ADD, t.binary(ScalarFn.MUL, unit, p[0], Align.TRAILING), p[1],
        Align.TRAILING);
  }

  /// An ε that keeps a divisor away from 0: positive and, in that type, finite and not denormal.
  static double divisor(String what, double epsilon, DType dtype) {
    double least = dtype == DType.F32 ? Float.MIN_NORMAL : Double.MIN_NORMAL;
    double most = dtype == DType.F32 ? Float.MAX_VALUE : Double.MAX_VALUE;
    if (!(epsilon >= least && epsilon <= most)) {
      throw new KotangentException(what + ": expected an epsilon from " + least
          + " on, the smallest normal " + dtype + ", got " + epsilon
          + "; it keeps a divisor away from 0, try 1e-8");
    }
    return epsilon;
  }

  /// The running statistics after a batch; as they were after an empty one, which has none.
  private static Value blend(Value running, Value now, double momentum, Value count) {
    Trace t = now.trace();
    Value next = t.map(ScalarFn.ADD, t.withNumber(ScalarFn.MUL, running, momentum, false),
        t.withNumber(ScalarFn.MUL, now, 1 - momentum, false));
    if (count.node().op() instanceof Op.Constant(var number) && number.real(0) > 0) {
      return next;
    }
    Value some = t.withNumber(ScalarFn.GT, count, 0, false);
    return t.map(ScalarFn.SELECT, t.expand(some, List.of(), next.axes()), next, running);
  }
}
