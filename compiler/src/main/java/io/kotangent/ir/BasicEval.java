package io.kotangent.ir;

import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;

/// What a [Basic] yields, on values passed as raw bits: an `f32` as its int bits, an `f64` as its long
/// bits, an `i32` sign-extended, a bool as 0 or 1. The one definition that interpreters of lowered code share.
public final class BasicEval {
  private BasicEval() {
  }

  public static long bits(float value) {
    return Float.floatToRawIntBits(value) & 0xFFFFFFFFL;
  }

  public static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }

  public static long bits(boolean value) {
    return value ? 1 : 0;
  }

  public static float f32(long bits) {
    return Float.intBitsToFloat((int) bits);
  }

  /// The bits of a number in a number type.
  static long bits(DType type, double value) {
    return switch (type) {
      case F32 -> bits((float) value);
      case F64 -> bits(value);
      case I32 -> (int) value;
      case I64 -> (long) value;
      case BOOL -> throw new IllegalArgumentException("a bool is no number");
    };
  }

  /// The bit that is the sign of a float.
  public static long signBit(DType type) {
    return switch (type) {
      case F32 -> 1L << (Float.SIZE - 1);
      case F64 -> 1L << (Double.SIZE - 1);
      case I32, I64, BOOL -> throw noFloat(type);
    };
  }

  /// The largest exponent of a finite float.
  public static int maxExponent(DType type) {
    return switch (type) {
      case F32 -> Float.MAX_EXPONENT;
      case F64 -> Double.MAX_EXPONENT;
      case I32, I64, BOOL -> throw noFloat(type);
    };
  }

  private static IllegalArgumentException noFloat(DType type) {
    return new IllegalArgumentException(type + " is no float");
  }

  /// The number that the bits of a float are.
  public static double real(DType type, long bits) {
    return switch (type) {
      case F32 -> f32(bits);
      case F64 -> f64(bits);
      case I32, I64, BOOL -> throw noFloat(type);
    };
  }

  public static double f64(long bits) {
    return Double.longBitsToDouble(bits);
  }

  /// The bits of `basic` applied to operands of dtype `type` (for SELECT: the dtype of its last two).
  public static long apply(Basic basic, DType type, long a, long b, long c) {
    return switch (basic) {
      case SELECT -> a != 0 ? b : c;
      case TO_F32 -> toF32(type, a);
      case TO_F64 -> toF64(type, a);
      case TO_I32 -> toI32(type, a);
      case TO_I64 -> toI64(type, a);
      case TO_BOOL -> toBool(type, a);
      case BITS -> type == DType.F32 ? (int) a : a;
      case FROM_BITS -> type == DType.I32 ? a & 0xFFFFFFFFL : a;
      case NEG, ABS, ADD, SUB, MUL, DIV, MIN, MAX, REM, SHL, SHR, USHR, AND, OR, XOR, NOT, SQRT,
          FMA, RINT, FLOOR, CEIL,
          STRICT_EXP, STRICT_EXPM1, STRICT_LOG, STRICT_LOG1P, STRICT_SIN, STRICT_COS, STRICT_TAN,
          STRICT_TANH,
          STRICT_ATAN, STRICT_POW, STRICT_CBRT, LT, LE, EQ, NE ->
          switch (type) {
            case F32 -> f32(basic, f32(a), f32(b), f32(c));
            case F64 -> f64(basic, f64(a), f64(b), f64(c));
            case I32 -> i32(basic, (int) a, (int) b);
            case I64 -> i64(basic, a, b);
            case BOOL -> bool(basic, a != 0, b != 0);
          };
    };
  }

  private static long toF32(DType from, long a) {
    return switch (from) {
      case F32 -> a;
      case F64 -> bits((float) f64(a));
      case I32 -> bits((float) (int) a);
      case I64, BOOL -> bits((float) a);
    };
  }

  private static long toF64(DType from, long a) {
    return switch (from) {
      case F32 -> bits((double) f32(a));
      case F64 -> a;
      case I32, I64, BOOL -> bits((double) a);
    };
  }

  private static long toI32(DType from, long a) {
    return switch (from) {
      case F32 -> (int) f32(a);
      case F64 -> (int) f64(a);
      case I32, I64, BOOL -> (int) a;
    };
  }

  private static long toI64(DType from, long a) {
    return switch (from) {
      case F32 -> (long) f32(a);
      case F64 -> (long) f64(a);
      case I32, I64, BOOL -> a;
    };
  }

  private static long toBool(DType from, long a) {
    return switch (from) {
      case F32 -> bits(f32(a) != 0);
      case F64 -> bits(f64(a) != 0);
      case I32, I64, BOOL -> bits(a != 0);
    };
  }

  private static long f32(Basic basic, float a, float b, float c) {
    return switch (basic) {
      case NEG -> bits(-a);
      case ABS -> bits(Math.abs(a));
      case ADD -> bits(a + b);
      case SUB -> bits(a - b);
      case MUL -> bits(a * b);
      case DIV -> bits(a / b);
      case MIN -> bits(Math.min(a, b));
      case MAX -> bits(Math.max(a, b));
      case SQRT -> bits((float) Math.sqrt(a));
      case FMA -> bits(Math.fma(a, b, c));
      case RINT -> bits((float) Math.rint(a));
      case FLOOR -> bits((float) Math.floor(a));
      case CEIL -> bits((float) Math.ceil(a));
      case LT -> bits(a < b);
      case LE -> bits(a <= b);
      case EQ -> bits(a == b);
      case NE -> bits(a != b);
      case REM, SHL, SHR, USHR, AND, OR, XOR, NOT, STRICT_EXP, STRICT_EXPM1, STRICT_LOG,
          STRICT_LOG1P, STRICT_SIN, STRICT_COS, STRICT_TAN, STRICT_TANH, STRICT_ATAN, STRICT_POW,
          STRICT_CBRT, SELECT, TO_F32, TO_F64, TO_I32, TO_I64, TO_BOOL, BITS, FROM_BITS ->
          throw wrong(basic, DType.F32);
    };
  }

  private static long f64(Basic basic, double a, double b, double c) {
    return switch (basic) {
      case NEG -> bits(-a);
      case ABS -> bits(Math.abs(a));
      case ADD -> bits(a + b);
      case SUB -> bits(a - b);
      case MUL -> bits(a * b);
      case DIV -> bits(a / b);
      case MIN -> bits(Math.min(a, b));
      case MAX -> bits(Math.max(a, b));
      case SQRT -> bits(Math.sqrt(a));
      case FMA -> bits(Math.fma(a, b, c));
      case RINT -> bits(Math.rint(a));
      case FLOOR -> bits(Math.floor(a));
      case CEIL -> bits(Math.ceil(a));
      case STRICT_EXP -> bits(StrictMath.exp(a));
      case STRICT_EXPM1 -> bits(StrictMath.expm1(a));
      case STRICT_LOG -> bits(StrictMath.log(a));
      case STRICT_LOG1P -> bits(StrictMath.log1p(a));
      case STRICT_SIN -> bits(StrictMath.sin(a));
      case STRICT_COS -> bits(StrictMath.cos(a));
      case STRICT_TAN -> bits(StrictMath.tan(a));
      case STRICT_TANH -> bits(StrictMath.tanh(a));
      case STRICT_ATAN -> bits(StrictMath.atan(a));
      case STRICT_POW -> bits(StrictMath.pow(a, b));
      case STRICT_CBRT -> bits(StrictMath.cbrt(a));
      case LT -> bits(a < b);
      case LE -> bits(a <= b);
      case EQ -> bits(a == b);
      case NE -> bits(a != b);
      case REM, SHL, SHR, USHR, AND, OR, XOR, NOT, SELECT, TO_F32, TO_F64, TO_I32, TO_I64, TO_BOOL,
          BITS, FROM_BITS -> throw wrong(basic, DType.F64);
    };
  }

  private static long i32(Basic basic, int a, int b) {
    return switch (basic) {
      case NEG -> -a;
      case ABS -> Math.abs(a);
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / divisor(b);
      case REM -> a % divisor(b);
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case SHL -> a << b;
      case SHR -> a >> b;
      case USHR -> a >>> b;
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      case NOT -> ~a;
      case LT -> bits(a < b);
      case LE -> bits(a <= b);
      case EQ -> bits(a == b);
      case NE -> bits(a != b);
      case SQRT, FMA, RINT, FLOOR, CEIL, STRICT_EXP, STRICT_EXPM1, STRICT_LOG, STRICT_LOG1P,
          STRICT_SIN, STRICT_COS, STRICT_TAN, STRICT_TANH, STRICT_ATAN, STRICT_POW, STRICT_CBRT,
          SELECT, TO_F32, TO_F64, TO_I32, TO_I64, TO_BOOL, BITS, FROM_BITS -> throw wrong(basic,
              DType.I32);
    };
  }

  private static int divisor(int b) {
    return (int) divisor((long) b);
  }

  /// The JVM's own exception loses its message once this is compiled.
  private static long divisor(long b) {
    if (b == 0) {
      throw new ArithmeticException("/ by zero");
    }
    return b;
  }

  private static long i64(Basic basic, long a, long b) {
    return switch (basic) {
      case NEG -> -a;
      case ABS -> Math.abs(a);
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / divisor(b);
      case REM -> a % divisor(b);
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case SHL -> a << b;
      case SHR -> a >> b;
      case USHR -> a >>> b;
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      case NOT -> ~a;
      case LT -> bits(a < b);
      case LE -> bits(a <= b);
      case EQ -> bits(a == b);
      case NE -> bits(a != b);
      case SQRT, FMA, RINT, FLOOR, CEIL, STRICT_EXP, STRICT_EXPM1, STRICT_LOG, STRICT_LOG1P,
          STRICT_SIN, STRICT_COS, STRICT_TAN, STRICT_TANH, STRICT_ATAN, STRICT_POW, STRICT_CBRT,
          SELECT, TO_F32, TO_F64, TO_I32, TO_I64, TO_BOOL, BITS, FROM_BITS -> throw wrong(basic,
              DType.I64);
    };
  }

  private static long bool(Basic basic, boolean a, boolean b) {
    return switch (basic) {
      case AND -> bits(a & b);
      case OR -> bits(a | b);
      case XOR, NE -> bits(a ^ b);
      case NOT -> bits(!a);
      case EQ -> bits(a == b);
      case NEG, ABS, ADD, SUB, MUL, DIV, MIN, MAX, REM, SHL, SHR, USHR, SQRT, FMA, RINT, FLOOR,
          CEIL, STRICT_EXP, STRICT_EXPM1, STRICT_LOG, STRICT_LOG1P, STRICT_SIN, STRICT_COS,
          STRICT_TAN, STRICT_TANH, STRICT_ATAN, STRICT_POW, STRICT_CBRT, LT, LE, SELECT, TO_F32,
          TO_F64, TO_I32, TO_I64, TO_BOOL, BITS, FROM_BITS -> throw wrong(basic, DType.BOOL);
    };
  }

  private static KotangentException wrong(Basic basic, DType type) {
    return new KotangentException("no operation " + basic + " on " + type);
  }
}
