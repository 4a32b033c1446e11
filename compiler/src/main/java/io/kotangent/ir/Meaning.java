package io.kotangent.ir;

import io.kotangent.type.KotangentException;

/// What each [ScalarFn] means: on reals (as good as f64 gives), on integers, on booleans. The oracle that
/// lowerings are tested against; never used to compute what a program yields.
public final class Meaning {
  private Meaning() {
  }

  /// The value in f64. Predicates and comparisons give 1 for true.
  public static double ofReals(ScalarFn fn, double a, double b, double c) {
    return switch (fn) {
      case NEG -> -a;
      case ABS -> Math.abs(a);
      case SIGN -> Math.signum(a);
      case SQRT -> Math.sqrt(a);
      case CBRT -> StrictMath.cbrt(a);
      case EXP -> StrictMath.exp(a);
      case EXPM1 -> StrictMath.expm1(a);
      case LOG -> StrictMath.log(a);
      case LOG1P -> StrictMath.log1p(a);
      case LOG1MEXP -> a > -0.6931471805599453
          ? StrictMath.log(-StrictMath.expm1(a)) : StrictMath.log1p(-StrictMath.exp(a));
      case SIGMOID ->
          a >= 0 ? 1 / (1 + StrictMath.exp(-a)) : StrictMath.exp(a) / (1 + StrictMath.exp(a));
      case LOG_SIGMOID -> -(Math.max(-a, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(a))));
      case SOFTPLUS -> Math.max(a, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(a)));
      case TANH -> StrictMath.tanh(a);
      case SIN -> StrictMath.sin(a);
      case COS -> StrictMath.cos(a);
      case TAN -> StrictMath.tan(a);
      case ATAN -> StrictMath.atan(a);
      case ERF -> ErrorFunction.erf(a);
      case FLOOR -> Math.floor(a);
      case CEIL -> Math.ceil(a);
      case ROUND -> Math.rint(a);
      case RELU -> Math.max(a, 0);
      case STOP_GRADIENT -> a;
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case POW -> pow(a, b);
      case LT -> a < b ? 1 : 0;
      case LE -> a <= b ? 1 : 0;
      case GT -> a > b ? 1 : 0;
      case GE -> a >= b ? 1 : 0;
      case EQ -> a == b ? 1 : 0;
      case NE -> a != b ? 1 : 0;
      case IS_NAN -> Double.isNaN(a) ? 1 : 0;
      case IS_FINITE -> Double.isFinite(a) ? 1 : 0;
      case SELECT -> a != 0 ? b : c;
      case REM, AND, OR, XOR, NOT, SHL, SHR, USHR -> throw undefined(fn, "floats");
    };
  }

  /// As IEEE 754 has it, which differs from Java where the base is 1, or −1 with a power that is infinite, and so even.
  private static double pow(double a, double b) {
    return a == 1 || a == -1 && Double.isInfinite(b) ? 1 : StrictMath.pow(a, b);
  }

  private static KotangentException undefined(ScalarFn fn, String kind) {
    return new KotangentException(fn + " is not defined on " + kind);
  }
}
