package io.kotangent.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every row of [ScalarFn] has a formula for every type that it takes, and its bits are what [ScalarFn#ofReals] means.
class LoweringTest {
  static final float[] SPECIAL =
      {0f, -0f, 1f, -1f, 0.5f, -0.5f, 2f, -2f, 3f, Float.MIN_VALUE, -Float.MIN_VALUE,
          Float.MIN_NORMAL, -Float.MIN_NORMAL, Math.nextDown(Float.MIN_NORMAL), Float.MAX_VALUE,
          -Float.MAX_VALUE,
          Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 1e-20f, -1e-20f, 1e-4f,
          -1e-4f, 0.6931472f,
          -0.6931472f, 16f, -16f, 88f, -88f, 88.72283f, 88.72284f, -87.33655f, -103.97f, -103.98f,
          -104f, 100f, -100f,
          1.5f, 2.5f, -2.5f, 8388607.5f, 16777216f, 1e10f, -1e10f, 3.1415927f, 1.5707964f, 22f,
          1e30f, 1e38f};

  static Stream<ScalarFn> realUnary() {
    return Stream.of(ScalarFn.values()).filter(f -> f.arity() == 1 && f.accepts(DType.F32));
  }

  static Stream<ScalarFn> realBinary() {
    return Stream.of(ScalarFn.values())
        .filter(f -> f.arity() == 2 && f.accepts(DType.F32) && f != ScalarFn.AND);
  }

  private static TermEval f32(ScalarFn fn) {
    return new TermEval(Lowering.of(fn, DType.F32), Collections.nCopies(fn.arity(), DType.F32));
  }

  static double value(TermEval eval, long bits) {
    return switch (eval.type()) {
      case F32 -> BasicEval.f32(bits);
      case F64 -> BasicEval.f64(bits);
      case I32, I64, BOOL -> bits;
    };
  }

  @ParameterizedTest @EnumSource
  void hasAFormulaForEveryTypeThatItTakesAndForNoOther(ScalarFn fn) {
    for (DType type : DType.values()) {
      List<DType> operands = new ArrayList<>(Collections.nCopies(fn.arity(), type));
      if (fn == ScalarFn.SELECT) {
        operands.set(0, DType.BOOL);
      }
      if (fn.accepts(type)) {
        assertEquals(fn.infer(operands), new TermEval(Lowering.of(fn, type), operands).type(),
            fn + " " + type);
      } else {
        assertThrows(KotangentException.class, () -> Lowering.of(fn, type));
      }
    }
  }

  @ParameterizedTest @MethodSource("realUnary")
  void unaryFunctionsTakeSpecialValues(ScalarFn fn) {
    TermEval eval = f32(fn);
    for (float x : SPECIAL) {
      double y = value(eval, eval.apply(BasicEval.bits(x)));
      Ulps.assertClose(fn + "(" + x + ")", fn.ofReals(x, 0, 0), y, 2);
    }
  }

  @ParameterizedTest @MethodSource("realBinary")
  void binaryFunctionsTakeSpecialValues(ScalarFn fn) {
    TermEval eval = f32(fn);
    for (float a : SPECIAL) {
      for (float b : SPECIAL) {
        double y = value(eval, eval.apply(BasicEval.bits(a), BasicEval.bits(b)));
        double meant = fn.ofReals(a, b, 0);
        Ulps.assertClose(fn + "(" + a + ", " + b + ")", meant, y, fn == ScalarFn.POW ? 2 : 0.5001);
      }
    }
  }

  @ParameterizedTest @MethodSource("realUnary")
  void unaryFunctionsAreWithinTwoUlps(ScalarFn fn) {
    TermEval eval = f32(fn);
    double worst = 0;
    float worstAt = 0;
    for (int i = 0; i < 1 << 15; i++) {
      float x = Float.intBitsToFloat((i << 17) + (i * 0x9E3779B1 >>> 15));
      if (eval.type() == DType.F32) {
        double error =
            Ulps.error(fn.ofReals(x, 0, 0), value(eval, eval.apply(BasicEval.bits(x))));
        if (error > worst) {
          worst = error;
          worstAt = x;
        }
      }
    }
    assertTrue(worst <= 2, fn + " is " + worst + " ulp off at " + worstAt);
  }

  @Test
  void commutativeFunctionsMayExchangeOperands() {
    for (ScalarFn fn : ScalarFn.values()) {
      for (DType type : DType.values()) {
        if (fn.arity() != 2 || !fn.isCommutative() || !fn.accepts(type)) {
          continue;
        }
        TermEval eval = new TermEval(Lowering.of(fn, type), List.of(type, type));
        for (long a : samples(type)) {
          for (long b : samples(type)) {
            assertTrue(same(eval.type(), eval.apply(a, b), eval.apply(b, a)),
                fn + " " + type + " " + a + " " + b);
          }
        }
      }
    }
  }

  @Test
  void signsOfIntegers() {
    for (DType type : List.of(DType.I32, DType.I64)) {
      TermEval sign = new TermEval(Lowering.of(ScalarFn.SIGN, type), List.of(type));
      for (long x : samples(type)) {
        assertEquals(Long.signum(x), sign.apply(x));
      }
    }
  }

  @Test
  void comparisonsOfIntegers() {
    for (DType type : List.of(DType.I32, DType.I64)) {
      TermEval gt = new TermEval(Lowering.of(ScalarFn.GT, type), List.of(type, type));
      TermEval ge = new TermEval(Lowering.of(ScalarFn.GE, type), List.of(type, type));
      for (long a : samples(type)) {
        for (long b : samples(type)) {
          assertEquals(a > b ? 1 : 0, gt.apply(a, b));
          assertEquals(a >= b ? 1 : 0, ge.apply(a, b));
        }
      }
    }
  }

  /// Raw bits of values of that type, special ones among them.
  static long[] samples(DType type) {
    return switch (type) {
      case F32 -> {
        long[] bits = new long[SPECIAL.length];
        for (int i = 0; i < bits.length; i++) {
          bits[i] = BasicEval.bits(SPECIAL[i]);
        }
        yield bits;
      }
      case F64 -> {
        long[] bits = new long[SPECIAL.length];
        for (int i = 0; i < bits.length; i++) {
          bits[i] = BasicEval.bits((double) SPECIAL[i]);
        }
        yield bits;
      }
      case I32 -> new long[] {0, 1, -1, 2, -7, 31, 32, 33, Integer.MAX_VALUE, Integer.MIN_VALUE};
      case I64 ->
          new long[] {0, 1, -1, 2, -7, 63, 64, 65, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40};
      case BOOL -> new long[] {0, 1};
    };
  }

  /// Whether bits are equal, all NaNs counting as one value.
  static boolean same(DType type, long a, long b) {
    return a == b || switch (type) {
      case F32 -> Float.isNaN(BasicEval.f32(a)) && Float.isNaN(BasicEval.f32(b));
      case F64 -> Double.isNaN(BasicEval.f64(a)) && Double.isNaN(BasicEval.f64(b));
      case I32, I64, BOOL -> false;
    };
  }
}
