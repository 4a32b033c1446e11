package io.kotangent.ir;

import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.List;
import java.util.Locale;

/// The primitive operations on one lane: what Java's bytecode and `Math` do exactly, the same on
/// every machine. Lowerings of [ScalarFn] rows and the loop IR are made of them, the emitter emits
/// them, and [BasicEval] says what each yields.
///
/// Arithmetic is polymorphic: operands have one dtype, which is the result's unless the constant
/// says otherwise.
public enum Basic {
  // floats and integers (integers wrap around; DIV and REM of integers throw on zero)
  NEG(1, Kind.SAME), ABS(1, Kind.SAME), ADD(2, Kind.SAME), SUB(2, Kind.SAME), MUL(2, Kind.SAME),
  DIV(2, Kind.SAME), MIN(2, Kind.SAME), MAX(2, Kind.SAME),
  // integers
  REM(2, Kind.SAME), SHL(2, Kind.SAME), SHR(2, Kind.SAME), USHR(2, Kind.SAME),
  // integers and booleans
  AND(2, Kind.SAME), OR(2, Kind.SAME), XOR(2, Kind.SAME), NOT(1, Kind.SAME),
  // floats
  SQRT(1, Kind.SAME), FMA(3, Kind.SAME), RINT(1, Kind.SAME), FLOOR(1, Kind.SAME),
  CEIL(1, Kind.SAME),
  // f64 only: the bit-stable functions of `StrictMath`
  STRICT_EXP(1, Kind.SAME), STRICT_EXPM1(1, Kind.SAME), STRICT_LOG(1, Kind.SAME),
  STRICT_LOG1P(1, Kind.SAME),
  STRICT_SIN(1, Kind.SAME), STRICT_COS(1, Kind.SAME), STRICT_TAN(1, Kind.SAME),
  STRICT_TANH(1, Kind.SAME),
  STRICT_ATAN(1, Kind.SAME), STRICT_POW(2, Kind.SAME), STRICT_CBRT(1, Kind.SAME),
  // comparisons, IEEE for floats (every one but NE is false when an operand is NaN)
  LT(2, Kind.BOOL), LE(2, Kind.BOOL), EQ(2, Kind.BOOL), NE(2, Kind.BOOL),
  /// `condition ? a : b`; the condition is bool, a and b have one dtype.
  SELECT(3, Kind.SELECT),
  // Java's casts between numbers; from bool: 0 or 1; to bool: `x != 0`
  TO_F32(1, Kind.F32), TO_F64(1, Kind.F64), TO_I32(1, Kind.I32), TO_I64(1, Kind.I64),
  TO_BOOL(1, Kind.BOOL),
  /// The bits of a float as an integer of its width.
  BITS(1, Kind.BITS),
  /// The float of its width that has these bits.
  FROM_BITS(1, Kind.FROM_BITS);

  private enum Kind {
    SAME, BOOL, F32, F64, I32, I64, SELECT, BITS, FROM_BITS
  }

  private final int arity;
  private final Kind kind;

  Basic(int arity, Kind kind) {
    this.arity = arity;
    this.kind = kind;
  }

  public int arity() {
    return arity;
  }

  /// The dtype of the result for operands of these dtypes.
  public DType result(List<DType> operands) {
    if (operands.size() != arity) {
      throw new KotangentException(this + " takes " + arity + " operands, got " + operands.size());
    }
    return switch (kind) {
      case SAME -> {
        if (arity > 1 && operands.get(0) != operands.get(1)) {
          throw new KotangentException(this + " takes operands of one type, got " + operands);
        }
        yield operands.get(0);
      }
      case BOOL -> DType.BOOL;
      case F32 -> DType.F32;
      case F64 -> DType.F64;
      case I32 -> DType.I32;
      case I64 -> DType.I64;
      case SELECT -> operands.get(1);
      case BITS -> operands.get(0) == DType.F32 ? DType.I32 : DType.I64;
      case FROM_BITS -> operands.get(0) == DType.I32 ? DType.F32 : DType.F64;
    };
  }

  /// The name in listings: `add`, `to_f32`, `strict_exp`.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
