package io.kotangent.bytecode.emit;

import io.kotangent.ir.Basic;
import io.kotangent.ir.BasicEval;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;

/// The minimum or maximum of a vector of floats and a constant as a comparison and a choice.
///
/// Processors have no instruction for what Java demands of NaN and −0, so C2 makes six of one such operation; where one side
/// is known, two do: `x <= c ? c : x` is the maximum for all x, NaN (which is no less than anything) and zeros of either
/// sign included, unless c is −0, and then `x < c ? c : x` is.
final class LimitLanes {
  private LimitLanes() {
  }

  /// Whether it is such an operation.
  static boolean suits(Basic basic, Value.Const limit) {
    return (basic == Basic.MIN || basic == Basic.MAX) && limit.dtype().isFloat()
        && !isNaN(limit);
  }

  /// When to take the constant: the name of the comparison of x with it.
  static String comparison(Basic basic, Value.Const limit) {
    long zero = basic == Basic.MAX ? negativeZero(limit.dtype()) : 0;
    boolean strict = limit.bits() == zero;
    return basic == Basic.MAX ? strict ? "LT" : "LE" : strict ? "GT" : "GE";
  }

  private static boolean isNaN(Value.Const value) {
    return BasicEval.apply(Basic.NE, value.dtype(), value.bits(), value.bits(), 0) != 0;
  }

  private static long negativeZero(DType dtype) {
    return dtype == DType.F32 ? 1L << (Float.SIZE - 1) : 1L << (Double.SIZE - 1);
  }
}
