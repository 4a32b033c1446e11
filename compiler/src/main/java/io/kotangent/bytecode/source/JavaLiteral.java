package io.kotangent.bytecode.source;

import io.kotangent.ir.BasicEval;
import io.kotangent.type.DType;

/// Constants as Java writes them; they read back bit for bit.
final class JavaLiteral {
  private static final int F32_NAN = Float.floatToRawIntBits(Float.NaN);
  private static final long F64_NAN = Double.doubleToRawLongBits(Double.NaN);

  private JavaLiteral() {
  }

  static String of(DType dtype, long bits, Home home) {
    return switch (dtype) {
      case F32 -> f32((int) bits, home);
      case F64 -> f64(bits, home);
      case I32 -> i32((int) bits, home);
      case I64 -> i64(bits, home);
      case BOOL -> bits != 0 ? "true" : "false";
    };
  }

  private static String f32(int bits, Home home) {
    float value = Float.intBitsToFloat(bits);
    String type = home.lang("Float");
    if (Float.isNaN(value)) {
      return bits == F32_NAN ? type + ".NaN"
          : type + ".intBitsToFloat(0x" + Integer.toHexString(bits) + ")";
    }
    return Float.isInfinite(value)
        ? type + (value > 0 ? ".POSITIVE_INFINITY" : ".NEGATIVE_INFINITY")
        : value + "f";
  }

  private static String f64(long bits, Home home) {
    double value = BasicEval.f64(bits);
    String type = home.lang("Double");
    if (Double.isNaN(value)) {
      return bits == F64_NAN ? type + ".NaN"
          : type + ".longBitsToDouble(0x" + Long.toHexString(bits) + "L)";
    }
    return Double.isInfinite(value)
        ? type + (value > 0 ? ".POSITIVE_INFINITY" : ".NEGATIVE_INFINITY")
        : Double.toString(value);
  }

  private static String i32(int value, Home home) {
    return value == Integer.MIN_VALUE ? home.lang("Integer") + ".MIN_VALUE"
        : Integer.toString(value);
  }

  private static String i64(long value, Home home) {
    return value == Long.MIN_VALUE ? home.lang("Long") + ".MIN_VALUE" : value + "L";
  }

  /// Bits of an integer, for masks: in hexadecimal digits, unless they are few.
  static String mask(DType dtype, long bits, Home home) {
    boolean few = bits >= -1 && bits <= 9;
    return switch (dtype) {
      case I32 -> few ? i32((int) bits, home) : "0x" + Integer.toHexString((int) bits);
      case I64 -> few ? i64(bits, home) : "0x" + Long.toHexString(bits) + "L";
      case F32, F64, BOOL -> of(dtype, bits, home);
    };
  }

  /// A string.
  static String string(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> quoted.append(c < ' ' ? String.format("\\%03o", (int) c) : String.valueOf(c));
      }
    }
    return quoted.append('"').toString();
  }
}
