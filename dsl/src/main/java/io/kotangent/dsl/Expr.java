package io.kotangent.dsl;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.ShapeException;
import java.util.List;

/// A float tensor of a model, known by the axes in its type. Immutable; an operation gives another expression and
/// computes nothing yet. Lane-wise functions keep the axes.
///
/// @param <Self> the expression's own type
public abstract sealed class Expr<Self extends Expr<Self>> extends Operators<Self>
    permits Scalar, Vector, Matrix, Tensor3, Tensor4, Tensor {
  private final Value value;

  Expr(Value value, int rank) {
    this.value = value;
    if (value.rank() != rank) {
      throw new ShapeException(
          "expected " + rank + " axes, got " + Extent.text(value.axes()) + value.madeAt());
    }
  }

  @Override
  final Value value() {
    return value;
  }

  final Trace trace() {
    return value.trace();
  }

  /// The node of the graph that computes this expression.
  public final Node node() {
    return value.node();
  }

  /// The names of the axes, outermost first.
  public final List<String> axisNames() {
    return value.axes().stream().map(Extent::name).toList();
  }

  private Self map(ScalarFn fn) {
    return like(trace().map(fn, value));
  }

  final List<Integer> allAxes() {
    return Statistics.axesBefore(value.rank());
  }

  /// The absolute value; its derivative at 0 is 0.
  public Self abs() {
    return map(ScalarFn.ABS);
  }

  /// −1, 0 or 1.
  public Self sign() {
    return map(ScalarFn.SIGN);
  }

  /// The square root.
  public Self sqrt() {
    return map(ScalarFn.SQRT);
  }

  /// eˣ.
  public Self exp() {
    return map(ScalarFn.EXP);
  }

  /// eˣ − 1, exact near 0.
  public Self expm1() {
    return map(ScalarFn.EXPM1);
  }

  /// The natural logarithm.
  public Self log() {
    return map(ScalarFn.LOG);
  }

  /// log(1 + x), exact near 0.
  public Self log1p() {
    return map(ScalarFn.LOG1P);
  }

  /// σ(x) = 1 / (1 + e⁻ˣ).
  public Self sigmoid() {
    return map(ScalarFn.SIGMOID);
  }

  /// log σ(x), without overflow.
  public Self logSigmoid() {
    return map(ScalarFn.LOG_SIGMOID);
  }

  /// log(1 + eˣ), without overflow.
  public Self softplus() {
    return map(ScalarFn.SOFTPLUS);
  }

  /// The hyperbolic tangent.
  public Self tanh() {
    return map(ScalarFn.TANH);
  }

  /// The sine of an angle in radians.
  public Self sin() {
    return map(ScalarFn.SIN);
  }

  /// The cosine of an angle in radians.
  public Self cos() {
    return map(ScalarFn.COS);
  }

  /// The tangent of an angle in radians.
  public Self tan() {
    return map(ScalarFn.TAN);
  }

  /// The arc tangent, in radians.
  public Self atan() {
    return map(ScalarFn.ATAN);
  }

  /// The error function.
  public Self erf() {
    return map(ScalarFn.ERF);
  }

  /// The greatest integer that is not greater; no gradient passes.
  public Self floor() {
    return map(ScalarFn.FLOOR);
  }

  /// The smallest integer that is not smaller; no gradient passes.
  public Self ceil() {
    return map(ScalarFn.CEIL);
  }

  /// The nearest integer, ties to even; no gradient passes.
  public Self round() {
    return map(ScalarFn.ROUND);
  }

  /// max(x, 0); its derivative at 0 is 0.
  public Self relu() {
    return map(ScalarFn.RELU);
  }

  /// −x.
  public Self unaryMinus() {
    return map(ScalarFn.NEG);
  }

  /// The same values; no derivative passes.
  public Self stopGradient() {
    return map(ScalarFn.STOP_GRADIENT);
  }

  /// x².
  public Self square() {
    return like(trace().map(ScalarFn.MUL, value, value));
  }

  /// x to a power; NaN for a negative x and a power that is no integer, otherwise as IEEE 754 has it: 1 to any power is 1.
  public Self pow(Number exponent) {
    return like(trace().withNumber(ScalarFn.POW, value, exponent, false));
  }

  /// x to a power, place by place.
  public Self pow(Self exponent) {
    return like(trace().binary(ScalarFn.POW, value, exponent.value(), Align.SAME));
  }

  // ---- activations

  /// x where x > 0, otherwise slope · x; at 0 the derivative is the slope.
  public Self leakyRelu(double slope) {
    return like(Activations.leakyRelu(value, slope));
  }

  /// x where x > 0, otherwise slope · x, with a slope that may be trained: a [Scalar], or one for each place of the last
  /// axes.
  public Self prelu(BroadcastsTo<? super Self> slope) {
    try (var _ = trace().enter("prelu")) {
      Self self = like(value);
      return self.greaterThan(0).choose(self, self.times(slope));
    }
  }

  /// x where x > 0, otherwise alpha · (eˣ − 1).
  public Self elu(double alpha) {
    return like(Activations.elu(value, alpha));
  }

  /// The exact GELU, x · ½(1 + erf(x/√2)).
  public Self gelu() {
    return like(Activations.gelu(value));
  }

  /// x · σ(x).
  public Self swish() {
    try (var _ = trace().enter("swish")) {
      return times(sigmoid());
    }
  }

  /// x · σ(beta · x), with a beta that may be trained.
  public Self swish(BroadcastsTo<? super Self> beta) {
    try (var _ = trace().enter("swish")) {
      return times(times(beta).sigmoid());
    }
  }

  /// Training: each element is 0 with probability `rate`, the others are divided by 1 − rate. Inference: unchanged. The
  /// draw follows the model's seed, the training step and, for a leading symbolic axis, the example.
  ///
  /// @param rate from 0 (keeps all) to below 1
  public Self dropout(double rate) {
    return like(Model.of(trace()).dropout(value, rate));
  }

  /// [#prelu(BroadcastsTo)] with one new trained slope, `prelu1.slope`, that starts at 0.25.
  public Self prelu() {
    Model model = Model.of(trace());
    try (var _ = trace().enter(model.layer("prelu"))) {
      Value slope = model.declared().weight("slope", Initializer.constant(0.25), List.of());
      model.summaryTable().add(value, List.of(slope));
      return prelu(new Scalar(slope));
    }
  }

  // ---- losses

  /// The sigmoid cross-entropy of these logits z with targets t from 0 to 1: t·softplus(−z) + (1 − t)·softplus(z). Logits that
  /// are right without doubt cost little and not nothing; ±∞ cost 0 or ∞.
  public Self sigmoidCrossEntropy(Self targets) {
    try (var _ = trace().enter("sigmoid_cross_entropy")) {
      Value yes = trace().map(ScalarFn.LOG_SIGMOID, value);
      Value no = trace().map(ScalarFn.LOG_SIGMOID, unaryMinus().value());
      return like(Statistics.binaryCrossEntropy(targets.value(), yes, no));
    }
  }

  /// The binary cross-entropy of these probabilities p with targets t from 0 to 1: −(t·log p + (1 − t)·log(1 − p)), where
  /// 0·log 0 is 0: certainty costs nothing where it is right, and ∞ where it is wrong. Where p is a sigmoid, the compiler
  /// computes it from the logits, finite for all that are.
  public Self binaryCrossEntropy(Self targets) {
    try (var _ = trace().enter("binary_cross_entropy")) {
      Value no = subtractedFrom(1).log().value();
      return like(Statistics.binaryCrossEntropy(targets.value(), log().value(), no));
    }
  }

  /// (this − target)², place by place.
  public Self squaredError(Self target) {
    try (var _ = trace().enter("squared_error")) {
      return minus(target).square();
    }
  }

  /// The mean of (this − target)² over all places.
  public Scalar meanSquaredError(Self target) {
    return squaredError(target).mean();
  }

  // ---- reductions over all axes

  /// The sum of all elements; 0 if there are none.
  public Scalar sum() {
    return new Scalar(trace().reduce(Op.Reduction.SUM, value, allAxes()));
  }

  /// The mean of all elements; NaN if there are none.
  public Scalar mean() {
    return new Scalar(Statistics.mean(value, allAxes()));
  }

  /// The Euclidean norm of all elements, √Σx². Where all are 0 its derivative is 0, unlike that of `square().sum().sqrt()`,
  /// which is NaN there; 0 if there are none.
  public Scalar norm() {
    return new Scalar(Statistics.norm(value, allAxes()));
  }

  /// The greatest element; −∞ if there are none, NaN if one is.
  public Scalar max() {
    return new Scalar(trace().reduce(Op.Reduction.MAX, value, allAxes()));
  }

  /// The smallest element; ∞ if there are none, NaN if one is.
  public Scalar min() {
    return new Scalar(trace().reduce(Op.Reduction.MIN, value, allAxes()));
  }

  // ---- by name

  /// This expression for the right side of an operator, matched by the names of its axes, which is checked when the
  /// model is built.
  public ByName byName() {
    return new ByName(value);
  }

  /// This expression with axes that are checked only when the model is built.
  public Tensor untyped() {
    return new Tensor(value);
  }

  /// A constant of this expression's axes.
  public Self filled(double number) {
    return like(trace().fill(number, value.axes()));
  }

  /// This expression as a result of a program.
  public Output named(String name) {
    return new Output(name, value);
  }

  @Override
  public String toString() {
    return value.node().dtype() + Extent.text(value.axes()) + value.madeAt();
  }
}
