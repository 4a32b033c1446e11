package io.kotangent.eval;

import io.kotangent.ir.Meaning;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.List;

/// Scalar functions and casts, lane by lane.
final class Lanes {
  private Lanes() {
  }

  static TensorValue map(ScalarFn fn, List<TensorValue> operands, DType dtype) {
    TensorValue last = operands.getLast();
    TensorValue result = TensorValue.zeros(dtype, last.dims());
    for (int i = 0; i < result.size(); i++) {
      TensorValue a = operands.getFirst();
      if (fn == ScalarFn.SELECT) {
        result.put(i, operands.get(a.bool(i) ? 1 : 2), i);
      } else if (last.dtype().isFloat()) {
        double value = Meaning.ofReals(fn, a.real(i), last.real(i), 0);
        if (dtype.isFloat()) {
          result.put(i, value);
        } else {
          result.put(i, (long) value);
        }
      } else {
        result.put(i, integer(fn, last.dtype(), a.integer(i), last.integer(i)));
      }
    }
    return result;
  }

  /// On integers (the result is wrapped by the caller) and on bools (0 and 1).
  private static long integer(ScalarFn fn, DType dtype, long a, long b) {
    int width = dtype == DType.I32 ? 31 : 63;
    return switch (fn) {
      case NEG -> -a;
      case ABS -> Math.abs(a);
      case SIGN -> Long.signum(a);
      case STOP_GRADIENT -> a;
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / divisor(b);
      case REM -> a % divisor(b);
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      case NOT -> dtype == DType.BOOL ? 1 - a : ~a;
      case SHL -> a << (b & width);
      case SHR -> a >> (b & width);
      case USHR -> dtype == DType.I32 ? (int) a >>> (int) b : a >>> b;
      case LT -> a < b ? 1 : 0;
      case LE -> a <= b ? 1 : 0;
      case GT -> a > b ? 1 : 0;
      case GE -> a >= b ? 1 : 0;
      case EQ -> a == b ? 1 : 0;
      case NE -> a != b ? 1 : 0;
      case SQRT, CBRT, EXP, EXPM1, LOG, LOG1P, LOG1MEXP, SIGMOID, LOG_SIGMOID, SOFTPLUS, TANH, SIN,
          COS, TAN, ATAN, ERF,
          FLOOR, CEIL, ROUND, RELU, POW, IS_NAN, IS_FINITE, SELECT ->
          throw new KotangentException(fn + " is not defined on " + dtype);
    };
  }

  private static long divisor(long b) {
    if (b == 0) {
      throw new KotangentException(
          "integer division by zero; guard the divisor, with a select for example");
    }
    return b;
  }

  static TensorValue cast(DType to, TensorValue x) {
    TensorValue result = TensorValue.zeros(to, x.dims());
    for (int i = 0; i < x.size(); i++) {
      if (to.isFloat()) {
        result.put(i, x.real(i));
      } else if (to == DType.BOOL) {
        result.put(i, x.real(i) != 0 ? 1L : 0L);
      } else if (!x.dtype().isFloat()) {
        result.put(i, x.integer(i));
      } else {
        result.put(i, to == DType.I32 ? (int) x.real(i) : (long) x.real(i));
      }
    }
    return result;
  }
}
