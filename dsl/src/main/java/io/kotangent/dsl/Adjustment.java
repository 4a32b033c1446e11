package io.kotangent.dsl;

import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.Map;

/// What an [Optimizer] sees of one parameter in one step.
public final class Adjustment {
  private final Trace trace;
  private final Tensor weight;
  private final Tensor gradient;
  private final Map<String, Tensor> slots;
  private final Value rate;
  private final Value step;

  /// @param rate the rate, f64 or the model's float type
  /// @param step how many steps were made with this one, f64
  Adjustment(Value weight, Value gradient, Map<String, Tensor> slots, Value rate, Value step) {
    this.trace = weight.trace();
    this.weight = new Tensor(weight);
    this.gradient = new Tensor(gradient);
    this.slots = slots;
    this.rate = rate;
    this.step = step;
  }

  /// The parameter before the step.
  public Tensor weight() {
    return weight;
  }

  /// The gradient of the loss.
  public Tensor gradient() {
    return gradient;
  }

  /// The slot of that kind before the step.
  public Tensor slot(String kind) {
    Tensor slot = slots.get(kind);
    if (slot == null) {
      throw new KotangentException("no slot '" + kind + "': expected one of " + slots.keySet());
    }
    return slot;
  }

  /// What a slot that forgets becomes: kept·slot + more, never so near to 0 that it is denormal. By the formula alone a slot whose
  /// gradient stays 0 (a ReLU that is never on) shrinks to the lower end of the range and remains there, since 0.9·x rounds to x;
  /// processors take several times as long for such numbers.
  ///
  /// It is (x + c) − c with c = 2⁻⁸⁰ (f64: 2⁻⁹⁴⁷): x above 2²⁵·c is unchanged (f64: 2⁵⁴·c); below, the error is at most a unit in the
  /// last place of x or of c, whichever is larger. What has died away remains some units in the last place of c, or 0.
  public Tensor decayed(String kind, double kept, Tensor more) {
    double lost = trace.dtype() == DType.F32 ? 0x1p-80 : 0x1p-947;
    return slot(kind).times(kept).plus(more).plus(lost).minus(lost);
  }

  /// What a slot of squares becomes that must not lose tiny ones: kept·slot + (1 − kept)·g²·2²⁴. So much larger, (1 − kept)·g² is as
  /// exact as g², and what is lost to keep clear of denormal numbers, as by [#decayed], is less than a millionth of the smallest
  /// normal g².
  Tensor decayedSquare(String kind, double kept) {
    double lost = (trace.dtype() == DType.F32 ? 0x1p-98 : 0x1p-965)
        * Math.scalb(1.0, Math.getExponent(1 - kept));
    Tensor square = gradient.square().times((1 - kept) * Optimizers.SQUARES);
    return slot(kind).times(kept).plus(square).plus(lost).minus(lost);
  }

  /// Refuses what is no normal positive number in the model's float type.
  void divisor(String what, double epsilon) {
    Normalization.divisor(what, epsilon, trace.dtype());
  }

  /// The learning rate, in the model's float type.
  public Scalar rate() {
    return inModelType(new Scalar(rate));
  }

  /// The learning rate in f64, for formulas of scalars that are rounded once, by [#inModelType].
  public Scalar preciseRate() {
    return new Scalar(trace.cast(DType.F64, rate));
  }

  /// The base to the power of the number of this step (1 for the first), in f64. (As `exp(step · ln base)`: the JDK's own pow
  /// allocates some hundred bytes a call.)
  public Scalar power(double base) {
    Value logarithm =
        trace.node(b -> b.scalar(DType.F64, StrictMath.log(base)), java.util.List.of());
    return new Scalar(trace.map(ScalarFn.EXP, trace.map(ScalarFn.MUL, step, logarithm)));
  }

  /// A scalar in the model's float type.
  public Scalar inModelType(Scalar scalar) {
    return new Scalar(trace.cast(trace.dtype(), scalar.value()));
  }
}
