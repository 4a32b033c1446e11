package io.kotangent.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.type.DType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The f64 formulas, and [ScalarFn#ofReals], against series in decimal arithmetic; and on special values.
class F64FormulasTest {
  private static final double ALLOWED = 4;

  @ParameterizedTest @EnumSource(names = {"EXP", "EXPM1", "LOG", "LOG1P", "LOG1MEXP", "SIGMOID",
      "SOFTPLUS", "LOG_SIGMOID", "TANH", "ERF"})
  void areWithinFourUlps(ScalarFn fn) {
    TermEval eval = new TermEval(Lowering.of(fn, DType.F64), List.of(DType.F64));
    for (double x : points(fn)) {
      BigDecimal exact = Precise.of(fn, x);
      double formula = BasicEval.f64(eval.apply(BasicEval.bits(x)));
      assertClose(fn + "(" + x + ") by its formula", exact, formula);
      assertClose(fn + "(" + x + ") by its meaning", exact, fn.ofReals(x, 0, 0));
    }
  }

  private static void assertClose(String what, BigDecimal exact, double got) {
    double distance = exact.subtract(new BigDecimal(got)).abs().doubleValue();
    double error = distance / Math.ulp(exact.doubleValue());
    assertTrue(error <= ALLOWED, () -> what + ": expected " + exact.doubleValue() + ", got " + got
        + ", " + error + " ulp off");
  }

  private static List<Double> points(ScalarFn fn) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
    List<Double> points = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      double size = Math.scalb(random.nextDouble(0.5, 1), i % 30 - 23);
      double x = i % 2 == 0 ? size : -size;
      switch (fn) {
        case LOG -> points.add(Math.abs(x));
        case LOG1P -> points.add(x <= -1 ? -1 / (1 - x) : x);
        case LOG1MEXP -> points.add(-Math.min(Math.abs(x), 40));
        case ERF -> points.add(Math.max(-6.5, Math.min(x / 8, 6.5)));
        default -> points.add(x);
      }
    }
    points.addAll(fn == ScalarFn.ERF
        ? List.of(0.9999, 1.0, 1.0001, 2.4999, 2.5, 2.5001, 3.0, 4.0, 5.5, 5.9, 6.0) : List.of());
    points.addAll(fn == ScalarFn.LOG1MEXP ? List.of(-0.69314, -0.69315) : List.of());
    return points;
  }

  @ParameterizedTest @MethodSource("io.kotangent.ir.LoweringTest#realUnary")
  void unaryFunctionsTakeSpecialValues(ScalarFn fn) {
    TermEval eval = new TermEval(Lowering.of(fn, DType.F64), List.of(DType.F64));
    for (long bits : LoweringTest.samples(DType.F64)) {
      double x = BasicEval.f64(bits);
      assertNear(fn + "(" + x + ")", fn.ofReals(x, 0, 0),
          LoweringTest.value(eval, eval.apply(bits)));
    }
  }

  @ParameterizedTest @MethodSource("io.kotangent.ir.LoweringTest#realBinary")
  void binaryFunctionsTakeSpecialValues(ScalarFn fn) {
    TermEval eval = new TermEval(Lowering.of(fn, DType.F64), Collections.nCopies(2, DType.F64));
    for (long a : LoweringTest.samples(DType.F64)) {
      for (long b : LoweringTest.samples(DType.F64)) {
        double meant = fn.ofReals(BasicEval.f64(a), BasicEval.f64(b), 0);
        assertEquals(meant, LoweringTest.value(eval, eval.apply(a, b)),
            fn + "(" + BasicEval.f64(a) + ", " + BasicEval.f64(b) + ")");
      }
    }
  }

  /// Infinities, NaN and signs of zeros exactly; all else within the bound of both.
  private static void assertNear(String what, double meant, double got) {
    double tolerance = meant == 0 || !Double.isFinite(meant) ? 0 : 2 * ALLOWED * Math.ulp(meant);
    if (tolerance == 0) {
      assertEquals(meant, got, what);
    } else {
      assertEquals(meant, got, tolerance, what);
    }
  }
}
