package io.kotangent.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.type.DType;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The special cases of `pow` are those of IEEE 754-2019 (9.2.1), which are those of C (F.10.4.4): what is meant, and what
/// both formulas compute. Java's own differ where the base is ±1.
@Tag("fast")
class PowTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;
  private static final double[] SPECIAL = {0.0, -0.0, 0.5, -0.5, 1, -1, 2, -2, 3, -3, 1.5, -1.5,
      1e30, -1e30, Float.MIN_VALUE, -Float.MIN_VALUE, INFINITY, -INFINITY, NAN};

  @ParameterizedTest @CsvSource({"1, NaN, 1", "1, Infinity, 1", "1, -Infinity, 1",
      "-1, Infinity, 1",
      "-1, -Infinity, 1", "-1, NaN, NaN", "NaN, 0, 1", "NaN, -0.0, 1", "NaN, 1, NaN",
      "-2, 0.5, NaN", "-1, 0.5, NaN", "-1, 3, -1", "-1, 1e30, 1", "0.5, -Infinity, Infinity",
      "-0.5, Infinity, 0", "-Infinity, 0.5, Infinity", "-Infinity, -3, -0.0", "-0.0, -3, -Infinity",
      "-0.0, -Infinity, Infinity"})
  void takesTheseValues(double a, double b, double expected) {
    holds(a, b, expected);
  }

  @ParameterizedTest @EnumSource
  void takesTheValuesOfTheStandardOnAllPairsOfSpecialOnes(DType type) {
    if (!type.isFloat()) {
      return;
    }
    for (double a : SPECIAL) {
      for (double b : SPECIAL) {
        double x = type == DType.F32 ? (float) a : a;
        double y = type == DType.F32 ? (float) b : b;
        double standard = standard(x, y);
        String what = "pow(" + x + ", " + y + ") " + type;
        assertEquals(standard, ScalarFn.POW.ofReals(x, y, 0), what + ", meant");
        double got = formula(type, x, y);
        if (type == DType.F32) {
          Ulps.assertClose(what, standard, got, 2);
        } else {
          assertEquals(standard, got, what);
        }
      }
    }
  }

  private static void holds(double a, double b, double expected) {
    String what = "pow(" + a + ", " + b + ")";
    assertEquals(expected, ScalarFn.POW.ofReals(a, b, 0), what + ", meant");
    assertEquals(expected, formula(DType.F32, a, b), what + " in f32");
    assertEquals(expected, formula(DType.F64, a, b), what + " in f64");
  }

  private static double formula(DType type, double a, double b) {
    TermEval eval = new TermEval(Lowering.of(ScalarFn.POW, type), List.of(type, type));
    return type == DType.F32
        ? BasicEval.f32(eval.apply(BasicEval.bits((float) a), BasicEval.bits((float) b)))
        : BasicEval.f64(eval.apply(BasicEval.bits(a), BasicEval.bits(b)));
  }

  /// The cases as the standard lists them.
  private static double standard(double a, double b) {
    boolean odd = Math.rint(b) == b && Math.rint(b / 2) != b / 2;
    if (b == 0 || a == 1 || a == -1 && Double.isInfinite(b)) {
      return 1;
    }
    if (Double.isNaN(a) || Double.isNaN(b)) {
      return NAN;
    }
    if (a == 0 || Double.isInfinite(a)) {
      double size = a == 0 == b > 0 ? 0 : INFINITY;
      return odd ? Math.copySign(size, a) : size;
    }
    if (Double.isInfinite(b)) {
      return Math.abs(a) < 1 == b < 0 ? INFINITY : 0;
    }
    return StrictMath.pow(a, b);
  }
}
