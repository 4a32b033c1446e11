package io.kotangent.assertions;

import io.kotangent.autodiff.Gradient;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.formula.Formula;
import io.kotangent.type.DType;
import java.util.Locale;

/// What is asserted of a gradient.
public final class GradientAssert {
  private static final int MOST = 64;
  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 1e-5;

  private final GraphAssert of;
  private final Graph gradients;
  private final String result;
  private final String input;

  GradientAssert(GraphAssert of, Graph gradients, String result, String input) {
    this.of = of;
    this.gradients = gradients;
    this.result = result;
    this.input = input;
  }

  /// The graph with the gradient as one more result, `dloss_dw`.
  public GraphAssert graph() {
    return new GraphAssert(gradients);
  }

  /// As people write it, once the passes are through: `∂loss/∂w = 2·x·(w·x − y)`.
  public GradientAssert reads(String formula) {
    String unicode = unicode();
    if (!unicode.equals(formula)) {
      throw new AssertionError("the gradient of " + of + ": expected\n  " + formula + "\ngot\n  "
          + unicode);
    }
    return this;
  }

  /// What [#reads] reads, as a text: for a golden file, or a pattern.
  public TextAssert formula() {
    return new TextAssert(unicode() + "\n", "the gradient of " + of);
  }

  private String unicode() {
    Graph optimized = Compiler.optimize(gradients, CompileOptions.standard());
    return Formula.derivative(optimized, Gradient.name(result, input), result, input,
        of.graph().results().stream().map(Graph.Result::name).toList()).unicode();
  }

  /// At drawn inputs (or those given by [GraphAssert#with]), in f64: each element as far as there are 64, else 64 of them evenly.
  public GradientAssert agreesWithFiniteDifferences() {
    return agreesWithFiniteDifferences(TOLERANCE);
  }

  /// @param tolerance how far apart they may be, in parts of the larger and of 1
  public GradientAssert agreesWithFiniteDifferences(double tolerance) {
    Samples samples = of.samples(1);
    TensorValue at = samples.values().get(input);
    TensorValue gradient = Interpreter.run(gradients, samples.values(), samples.sizes())
        .result(Gradient.name(result, input));
    for (int k = 0; k < Math.min(MOST, at.size()); k++) {
      int i = at.size() <= MOST ? k : (int) ((long) k * at.size() / MOST);
      double step = STEP * Math.max(1, Math.abs(at.real(i)));
      double difference =
          (loss(samples, moved(at, i, step)) - loss(samples, moved(at, i, -step))) / (2 * step);
      double symbolic = gradient.real(i);
      double scale = Math.max(1, Math.max(Math.abs(difference), Math.abs(symbolic)));
      if (!(Math.abs(difference - symbolic) <= tolerance * scale)) {
        throw new AssertionError(String.format(Locale.ROOT,
            "the gradient of %s: ∂%s/∂%s at element %d is %s, by finite differences %s (%s = %s)",
            of, result, input, i, symbolic, difference, input, at));
      }
    }
    return this;
  }

  /// In f64 whatever the type is, so that a difference is not lost in rounding.
  private TensorValue moved(TensorValue value, int index, double step) {
    double[] elements = new double[value.size()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = value.real(i) + (i == index ? step : 0);
    }
    return TensorValue.of(DType.F64, value.dims(), elements);
  }

  private double loss(Samples samples, TensorValue value) {
    return Interpreter.run(of.graph(), samples.with(input, value.withFloats(samples.values()
        .get(input).dtype())), samples.sizes()).result(result).real(0);
  }
}
