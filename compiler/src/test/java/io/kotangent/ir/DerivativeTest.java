package io.kotangent.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The derivatives that the rows state, first and second, are those of what the rows mean: against central differences
/// of [ScalarFn#ofReals], extrapolated by Richardson.
@Tag("fast")
class DerivativeTest {
  private static final int SAMPLES = 60;
  /// Where functions saturate or grow huge; used where the function is finite and smooth there.
  private static final double[] ENDS = {-700, -300, -100, -40, -20, -10, 10, 20, 40, 100, 300, 700};

  static Stream<ScalarFn> differentiable() {
    return Stream.of(ScalarFn.values()).filter(f -> f.isDifferentiable() && f.accepts(DType.F64));
  }

  @ParameterizedTest @MethodSource("differentiable")
  void firstDerivativesAreThoseOfTheMeaning(ScalarFn fn) {
    for (double[] at : points(fn)) {
      for (int i = 0; i < fn.arity(); i++) {
        if (fn.derivatives().get(i).isEmpty()) {
          continue;
        }
        int axis = i;
        double stated = Dual.apply(fn, direction(at, i)).tangent();
        double seen = Richardson.first(d -> Dual.meaning(fn, moved(at, axis, d)), step(at[i]));
        assertClose(fn + "' " + i, at, stated, seen, 1e-9);
      }
    }
  }

  @ParameterizedTest @MethodSource("differentiable")
  void secondDerivativesAreThoseOfTheMeaning(ScalarFn fn) {
    for (double[] at : points(fn)) {
      for (int i = 0; i < fn.arity(); i++) {
        if (fn.derivatives().get(i).isEmpty()) {
          continue;
        }
        for (int j = 0; j < fn.arity(); j++) {
          if (fn.derivatives().get(j).isEmpty()) {
            continue;
          }
          int a = i;
          int b = j;
          double stated = second(fn, at, i, j);
          double seen = i == j
              ? Richardson.second(d -> Dual.meaning(fn, moved(at, a, d)), step(at[i]))
              : Richardson.mixed((d, e) -> Dual.meaning(fn, moved(moved(at, a, d), b, e)),
                  step(at[i]), step(at[j]));
          assertClose(fn + "'' " + i + j, at, stated, seen, 1e-6);
        }
      }
    }
  }

  /// The derivative along operand j of the formula of the derivative along operand i.
  private static double second(ScalarFn fn, double[] at, int i, int j) {
    List<Dual> args = direction(at, j);
    return Dual.evaluate(fn.derivatives().get(i).orElseThrow(), args, Dual.apply(fn, args),
        Dual.constant(1)).tangent();
  }

  @Test
  void conventionsAtKinks() {
    assertEquals(0, derivative(ScalarFn.RELU, 0, 0));
    assertEquals(0, derivative(ScalarFn.RELU, 0, -0.0));
    assertEquals(0, derivative(ScalarFn.ABS, 0, 0));
    assertEquals(1, derivative(ScalarFn.MAX, 0, 2, 2));
    assertEquals(0, derivative(ScalarFn.MAX, 1, 2, 2));
    assertEquals(1, derivative(ScalarFn.MIN, 0, 2, 2));
    assertEquals(0, derivative(ScalarFn.MIN, 1, 2, 2));
    assertEquals(0, derivative(ScalarFn.SIGN, 0, 0));
    assertEquals(0, derivative(ScalarFn.POW, 1, 0, 2));
  }

  @Test
  void aSelectDropsALaneWithoutComputingWithIt() {
    double[] at = {0, Double.NaN, 3};
    assertEquals(0, derivative(ScalarFn.SELECT, 1, at));
    assertEquals(1, derivative(ScalarFn.SELECT, 2, at));
    Dual seed = Dual.constant(Double.POSITIVE_INFINITY);
    Term drop = ScalarFn.RELU.derivatives().getFirst().orElseThrow();
    assertEquals(0,
        Dual.evaluate(drop, List.of(Dual.constant(-1)), Dual.constant(0), seed).value());
  }

  @Test
  void whatHasNoDerivativeSaysSo() {
    for (ScalarFn fn : List.of(ScalarFn.FLOOR, ScalarFn.STOP_GRADIENT, ScalarFn.LT, ScalarFn.IS_NAN,
        ScalarFn.AND)) {
      assertTrue(
          !fn.isDifferentiable() && fn.derivatives().stream().allMatch(java.util.Optional::isEmpty),
          fn.toString());
    }
    assertTrue(ScalarFn.SELECT.derivatives().getFirst().isEmpty());
  }

  private static double derivative(ScalarFn fn, int operand, double... at) {
    return Dual.apply(fn, direction(at, operand)).tangent();
  }

  private static List<Dual> direction(double[] at, int operand) {
    List<Dual> args = new ArrayList<>();
    for (int i = 0; i < at.length; i++) {
      args.add(new Dual(at[i], i == operand ? 1 : 0));
    }
    return args;
  }

  private static double[] moved(double[] at, int operand, double by) {
    double[] moved = at.clone();
    moved[operand] += by;
    return moved;
  }

  /// Points of the row's domain, and saturated ends; none within a step of a kink.
  private static List<double[]> points(ScalarFn fn) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      double[] at = new double[fn.arity()];
      for (int k = 0; k < at.length; k++) {
        at[k] = fn == ScalarFn.SELECT && k == 0 ? i % 2 : random.nextDouble(fn.low(), fn.high());
      }
      points.add(at);
    }
    for (double end : ENDS) {
      if (fn.arity() == 1 && isSmooth(fn, end)) {
        points.add(new double[] {end});
      }
    }
    points.removeIf(at -> isNearKink(fn, at));
    assertTrue(points.size() > SAMPLES / 2, "too few points of " + fn);
    return points;
  }

  private static boolean isSmooth(ScalarFn fn, double x) {
    return switch (fn) {
      case SQRT, CBRT, LOG, LOG1P -> x > 0;
      case LOG1MEXP -> x < 0;
      case EXP, EXPM1 -> x < 100;
      case TAN -> false;
      default -> true;
    };
  }

  private static boolean isNearKink(ScalarFn fn, double[] at) {
    return switch (fn) {
      case ABS, SIGN, RELU -> Math.abs(at[0]) < 0.3;
      case MIN, MAX -> Math.abs(at[0] - at[1]) < 0.3;
      case DIV -> Math.abs(at[1]) < 0.3;
      default -> false;
    };
  }

  /// Small enough not to leave any domain that starts at 0.1 from its end.
  private static double step(double x) {
    return 0.05 * Math.max(1, Math.min(Math.abs(x), 2)) * (Math.abs(x) < 0.5 ? 0.6 : 1);
  }

  private static void assertClose(String what, double[] at, double stated, double seen,
      double tolerance) {
    assertEquals(seen, stated, tolerance * Math.max(1, Math.abs(seen)),
        () -> what + " at " + java.util.Arrays.toString(at));
  }

  /// Central differences with ever halved steps, extrapolated to step zero; of the table's entries that with the least
  /// estimated error.
  private static final class Richardson {
    private static final int LEVELS = 9;

    private interface Difference {
      double at(double step);
    }

    static double first(DoubleUnaryOperator f, double step) {
      return extrapolate(h -> (f.applyAsDouble(h) - f.applyAsDouble(-h)) / (2 * h), step);
    }

    static double second(DoubleUnaryOperator f, double step) {
      double middle = f.applyAsDouble(0);
      return extrapolate(
          h -> (f.applyAsDouble(h) - middle - (middle - f.applyAsDouble(-h))) / (h * h), step);
    }

    static double mixed(DoubleBinaryOperator f, double stepA, double stepB) {
      double ratio = stepB / stepA;
      return extrapolate(h -> {
        double k = h * ratio;
        return (f.applyAsDouble(h, k) - f.applyAsDouble(h, -k) - f.applyAsDouble(-h, k)
            + f.applyAsDouble(-h, -k))
            / (4 * h * k);
      }, stepA);
    }

    private static double extrapolate(Difference difference, double step) {
      double[][] table = new double[LEVELS][LEVELS];
      double best = Double.NaN;
      double least = Double.POSITIVE_INFINITY;
      double h = step;
      for (int i = 0; i < LEVELS; i++, h /= 2) {
        table[i][0] = difference.at(h);
        double factor = 1;
        for (int k = 1; k <= i; k++) {
          factor *= 4;
          table[i][k] = (factor * table[i][k - 1] - table[i - 1][k - 1]) / (factor - 1);
          double error = Math.max(Math.abs(table[i][k] - table[i][k - 1]),
              Math.abs(table[i][k] - table[i - 1][k - 1]));
          if (error < least) {
            least = error;
            best = table[i][k];
          }
        }
      }
      return best;
    }
  }
}
