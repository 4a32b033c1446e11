package io.kotangent.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.Compiler;
import io.kotangent.dsl.Expr;
import io.kotangent.dsl.Gradients;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Vector;
import io.kotangent.examples.Axes.Batch;
import io.kotangent.examples.Axes.In;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.KotangentException;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Activations of the courses, compiled in f32: values and derivatives over [−10, 10] and at ±100 are those of the formulas,
/// written once more in f64 (LECTURES A1 to A12).
class ActivationsTest {
  /// From −10 to 10 by quarters without the kink at 0, then ±100.
  private static final float[] PLACES = places();

  private static float[] places() {
    double[] inner = IntStream.rangeClosed(-40, 40).filter(i -> i != 0).mapToDouble(i -> i / 4.0)
        .toArray();
    float[] all = new float[inner.length + 2];
    for (int i = 0; i < inner.length; i++) {
      all[i] = (float) inner[i];
    }
    all[inner.length] = -100;
    all[inner.length + 1] = 100;
    return all;
  }

  private static DynamicTest is(String name, UnaryOperator<Vector<Batch>> activation,
      DoubleUnaryOperator value, DoubleUnaryOperator slope) {
    return DynamicTest.dynamicTest(name, () -> {
      Workspace run = run(activation, PLACES);
      for (int i = 0; i < PLACES.length; i++) {
        near(value.applyAsDouble(PLACES[i]), run.floats("y")[i], name + " at " + PLACES[i]);
        near(slope.applyAsDouble(PLACES[i]), run.floats("slope")[i],
            "slope of " + name + " at " + PLACES[i]);
      }
    });
  }

  private static void near(double expected, float got, String what) {
    assertEquals(expected, got, 2e-6 * Math.max(1, Math.abs(expected)), what);
  }

  private static Workspace run(UnaryOperator<Vector<Batch>> activation, float... places) {
    Model model = Model.named("activation");
    Vector<Batch> x = model.input("x", new Batch());
    Vector<Batch> y = activation.apply(x);
    Program program = Compiler.compile(model.graph("activation", y.named("y"),
        Gradients.gradient(y.sum(), x).named("slope")));
    Workspace run = program.newWorkspace().feed("x", places);
    program.run(run);
    return run;
  }

  private static double sigma(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @TestFactory
  Stream<DynamicTest> valuesAndDerivativesAreThoseOfTheFormulas() {
    return Stream.of(
        is("sigmoid", Expr::sigmoid, ActivationsTest::sigma, x -> sigma(x) * sigma(-x)),
        is("tanh", Expr::tanh, Math::tanh, x -> 1 / (Math.cosh(x) * Math.cosh(x))),
        is("relu", Expr::relu, x -> Math.max(x, 0), x -> x > 0 ? 1 : 0),
        is("leaky relu 0.1", x -> x.leakyRelu(0.1), x -> x > 0 ? x : 0.1 * x,
            x -> x > 0 ? 1 : 0.1),
        is("leaky relu 0.01", x -> x.leakyRelu(0.01), x -> x > 0 ? x : 0.01 * x,
            x -> x > 0 ? 1 : 0.01),
        is("elu", x -> x.elu(1.5), x -> x > 0 ? x : 1.5 * Math.expm1(x),
            x -> x > 0 ? 1 : 1.5 * Math.exp(x)),
        is("softplus", Expr::softplus,
            x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), ActivationsTest::sigma),
        is("swish", Expr::swish, x -> x * sigma(x), x -> sigma(x) * (1 + x * sigma(-x))));
  }

  @Test
  void theSigmoidSaturates() {
    float[] slope = run(Expr::sigmoid, -100, -10.01f, 10.01f, 100).floats("slope");
    for (float s : slope) {
      assertTrue(s >= 0 && s < 1e-4, () -> "slope " + s);
    }
  }

  @Test
  void kinksHaveTheSlopeOfTheLeft() {
    assertEquals(0, run(Expr::relu, 0).floats("slope")[0]);
    assertEquals(0.1f, run(x -> x.leakyRelu(0.1), 0).floats("slope")[0]);
  }

  /// A6, A10: the slope and beta are parameters like any other.
  @Test
  void slopesAndBetasAreTrained() {
    Model model = Model.named("trained");
    Vector<Batch> x = model.input("x", new Batch());
    var slope = model.input("slope");
    var beta = model.input("beta");
    Program program = Compiler.compile(model.graph("trained",
        Gradients.gradient(x.prelu(slope).sum(), slope).named("bySlope"),
        Gradients.gradient(x.swish(beta).sum(), beta).named("byBeta")));
    Workspace run = program.newWorkspace().feed("x", -2f, 3f, -5f).feed("beta", 0.5f);
    program.run(run);
    assertEquals(-7, run.scalar("bySlope"));
    double expected = 0;
    for (double v : new double[] {-2, 3, -5}) {
      expected += v * v * sigma(0.5 * v) * sigma(-0.5 * v);
    }
    assertEquals(expected, run.scalar("byBeta"), 1e-5);
  }

  /// A11, A12.
  @Test
  void softmaxIsFiniteFarOut() {
    Model model = Model.named("softmax");
    var x = model.input("x", new In(3));
    Program program = Compiler.compile(model.graph("softmax", x.softmax().named("p"),
        Gradients.gradient(x.softmax().square().sum(), x).named("slope")));
    for (float[] at : new float[][] {{100, -100, 0}, {10, 10, 10}, {-3, 1, 2},
        {1000, 999, -1e30f}}) {
      Workspace run = program.newWorkspace().feed("x", at);
      program.run(run);
      double most = Math.max(at[0], Math.max(at[1], at[2]));
      double sum = 0;
      double squares = 0;
      double[] p = new double[3];
      for (int i = 0; i < 3; i++) {
        p[i] = Math.exp(at[i] - most);
        sum += p[i];
      }
      for (int i = 0; i < 3; i++) {
        p[i] /= sum;
        squares += p[i] * p[i];
      }
      for (int i = 0; i < 3; i++) {
        near(p[i], run.floats("p")[i], "softmax");
        near(2 * p[i] * (p[i] - squares), run.floats("slope")[i], "slope of softmax");
      }
    }
  }

  @Test
  void geluIsItsFormula() {
    float[] y = run(Expr::gelu, -100, -1, 0, 1, 100).floats("y");
    float[] slope = run(Expr::gelu, -100, -1, 0, 1, 100).floats("slope");
    double phi = 0.8413447460685429; // the normal distribution at 1
    double density = Math.exp(-0.5) / Math.sqrt(2 * Math.PI);
    double[] values = {0, -(1 - phi), 0, phi, 100};
    double[] slopes = {0, 1 - phi - density, 0.5, phi + density, 1};
    for (int i = 0; i < 5; i++) {
      near(values[i], y[i], "gelu");
      near(slopes[i], slope[i], "slope of gelu");
    }
  }

  /// A1: a step has no gradient to learn by; the user says what stands for it.
  @Test
  void aThresholdHasNoGradientUnlessTheUserNamesASurrogate() {
    assertThrows(KotangentException.class,
        () -> run(x -> x.greaterThan(0.5).asNumber(), 1));
    Workspace run = run(x -> {
      Vector<Batch> smooth = x.sigmoid();
      return smooth.plus(x.greaterThan(0.5).asNumber().minus(smooth).stopGradient());
    }, -2, 0.25f, 3);
    float[] y = run.floats("y");
    double[] x = {-2, 0.25, 3};
    for (int i = 0; i < 3; i++) {
      near(x[i] > 0.5 ? 1 : 0, y[i], "step");
      near(sigma(x[i]) * sigma(-x[i]), run.floats("slope")[i], "slope of the surrogate");
    }
  }

  /// A9: the greatest of affine maps; the gradient goes to the one that won.
  @Test
  void maxoutIsTheGreatestOfAffineMaps() {
    Workspace run =
        run(x -> x.times(-1).minus(1).maximum(x.times(0.5)).maximum(x.times(2).minus(3)),
            -4, 0, 1, 4);
    assertEquals("[3.0, 0.0, 0.5, 5.0]", Arrays.toString(run.floats("y")));
    assertEquals("[-1.0, 0.5, 0.5, 2.0]", Arrays.toString(run.floats("slope")));
  }
}
