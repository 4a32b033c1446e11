package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.dsl.Gradients;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Scalar;
import io.kotangent.dsl.Vector;
import io.kotangent.dsl.program.JavaModels.Batch;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.type.DType;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Norms, deviations and what is chosen beside a pole, at zero.
class NormsTest {
  private static final double[] ZEROS = {0, 0, 0};

  /// f, its gradient, and the gradient of the sum of that.
  private static double[][] derivatives(DType dtype, double[] x,
      Function<Vector<Batch>, Scalar> f) {
    Model model = Model.named("m", dtype);
    Vector<Batch> input = model.input("x", new Batch());
    Scalar value = f.apply(input);
    Vector<Batch> slope = Gradients.gradient(value, input);
    Graph graph = model.graph("f", value.named("value"), slope.named("slope"),
        Gradients.gradient(slope.sum(), input).named("curvature"));
    var run = new Feed().set(graph, "x", x).run(graph);
    return new double[][] {elements(run.result("value")), elements(run.result("slope")),
        elements(run.result("curvature"))};
  }

  private static double[] elements(TensorValue value) {
    double[] elements = new double[value.size()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = value.real(i) + 0.0;
    }
    return elements;
  }

  @ParameterizedTest @EnumSource(names = {"F32", "F64"})
  void aNormHasTheSlopeZeroAtZero(DType dtype) {
    double[][] at = derivatives(dtype, ZEROS, Vector::norm);
    for (double[] values : at) {
      assertArrayEquals(new double[values.length], values);
    }
    double[][] elsewhere = derivatives(dtype, new double[] {3, 0, -4}, Vector::norm);
    assertEquals(5, elsewhere[0][0]);
    assertArrayEquals(new double[] {0.6, 0, -0.8}, elsewhere[1], 1e-6);
  }

  @ParameterizedTest @EnumSource(names = {"F32", "F64"})
  void aDeviationHasTheSlopeZeroWhereAllAreEqual(DType dtype) {
    for (double[] values : derivatives(dtype, new double[] {2, 2, 2},
        x -> x.over(new Batch()).standardDeviation())) {
      assertArrayEquals(new double[values.length], values);
    }
    double[][] elsewhere = derivatives(dtype, new double[] {1, 3, 1, 3},
        x -> x.over(new Batch()).standardDeviation());
    assertEquals(1, elsewhere[0][0]);
    assertArrayEquals(new double[] {-0.25, 0.25, -0.25, 0.25}, elsewhere[1], 1e-6);
  }

  @ParameterizedTest @EnumSource(names = {"F32", "F64"})
  void theSquareOfANormIsTheSumOfSquares(DType dtype) {
    for (Function<Vector<Batch>, Scalar> f : java.util.List.<Function<Vector<Batch>, Scalar>>of(
        x -> x.norm().square(), x -> x.square().sum().sqrt().square(),
        x -> x.norm().pow(2), x -> x.over(new Batch()).norm().times(x.norm()),
        x -> x.dot(x).sqrt().square())) {
      double[][] at = derivatives(dtype, ZEROS, f);
      assertArrayEquals(ZEROS, at[1]);
      assertArrayEquals(new double[] {2, 2, 2}, at[2]);
    }
  }

  @ParameterizedTest @EnumSource(names = {"F32", "F64"})
  void theSquareOfADeviationIsTheVariance(DType dtype) {
    for (double[] x : new double[][] {{2, 2, 2, 2}, {1, 3, 1, 3}}) {
      double[][] at = derivatives(dtype, x, v -> v.over(new Batch()).standardDeviation().square());
      double[][] variance = derivatives(dtype, x, v -> v.over(new Batch()).variance());
      for (int i = 0; i < 3; i++) {
        assertArrayEquals(variance[i], at[i], 1e-6);
      }
    }
  }

  /// Far beyond where squares underflow or overflow, down to the least number and up to the greatest.
  @ParameterizedTest @EnumSource(names = {"F32", "F64"})
  void normsAreRightOverTheWholeRangeOfTheirType(DType dtype) {
    double least = dtype == DType.F32 ? Float.MIN_VALUE : Double.MIN_VALUE;
    int last = dtype == DType.F32 ? 274 : 2095;
    double digits = dtype == DType.F32 ? 1e-6 : 1e-14;
    for (int exponent = 0; exponent <= last; exponent++) {
      double unit = Math.scalb(Math.scalb(least, exponent / 2), exponent - exponent / 2);
      double[] x = {3 * unit, 0, -4 * unit};
      double[][] norm = derivatives(dtype, x, Vector::norm);
      assertEquals(1, norm[0][0] / unit / 5, digits, () -> "2^" + unit);
      assertArrayEquals(new double[] {0.6, 0, -0.8}, norm[1], digits, () -> "at " + unit);
      if (1 / unit < (dtype == DType.F32 ? 1e37 : 1e307)) {
        double[] curvature = java.util.Arrays.stream(norm[2]).map(h -> h * unit).toArray();
        assertArrayEquals(new double[] {0.224, 0.2, 0.168}, curvature, 1e-6, () -> "at " + unit);
      }
      if (exponent >= 4) {
        double[][] deviation = derivatives(dtype, new double[] {0, 2 * unit, 0, 2 * unit},
            v -> v.over(new Batch()).standardDeviation());
        assertEquals(1, deviation[0][0] / unit, digits, () -> "deviation " + unit);
        assertArrayEquals(new double[] {-0.25, 0.25, -0.25, 0.25}, deviation[1], digits);
      }
    }
  }

  @ParameterizedTest @EnumSource(names = {"F32", "F64"})
  void anInfiniteElementMakesANormInfiniteAndNoGradientNaN(DType dtype) {
    double[][] at = derivatives(dtype, new double[] {Double.NEGATIVE_INFINITY, 0, 1}, Vector::norm);
    assertEquals(Double.POSITIVE_INFINITY, at[0][0]);
    assertArrayEquals(ZEROS, at[1]);
    assertArrayEquals(ZEROS, at[2]);
  }

  @Test
  void aNegativeNumberHasNoRootToBeSquared() {
    double[][] at = derivatives(DType.F64, new double[] {-1, 0, 4},
        x -> x.sqrt().square().times(x).sum());
    assertEquals(Double.NaN, at[0][0]);
    assertArrayEquals(new double[] {0, 8}, new double[] {at[1][1], at[1][2]});
    assertArrayEquals(new double[] {2, 2}, new double[] {at[2][1], at[2][2]});
  }

  @Test
  void whatIsNotTakenHasNoGradient() {
    double[][] log = derivatives(DType.F64, ZEROS, x -> x.log().maximum(-100).sum());
    assertArrayEquals(ZEROS, log[1]);
    assertArrayEquals(ZEROS, log[2]);
    double[][] entropy = derivatives(DType.F64, ZEROS,
        x -> x.greaterThan(0).choose(x.times(x.log()), x.filled(0)).sum());
    assertArrayEquals(ZEROS, entropy[1]);
    assertArrayEquals(ZEROS, entropy[2]);
    double[][] root = derivatives(DType.F64, ZEROS,
        x -> x.sqrt().times(x.greaterThan(0).asNumber()).sum());
    assertArrayEquals(ZEROS, root[1]);
    assertArrayEquals(ZEROS, root[2]);
  }

  @Test
  void polynomialFeaturesHaveGradientsAtZero() {
    double[][] sum = derivatives(DType.F64, ZEROS,
        x -> x.pow(0).plus(x.pow(1)).plus(x.pow(2)).plus(x.pow(3)).sum());
    assertArrayEquals(new double[] {1, 1, 1}, sum[1]);
    assertArrayEquals(new double[] {2, 2, 2}, sum[2]);
    double[][] product = derivatives(DType.F64, ZEROS, x -> x.pow(1).times(x).sum());
    assertArrayEquals(new double[] {2, 2, 2}, product[2]);
  }
}
