package io.kotangent.text;

import io.kotangent.ir.BasicEval;
import io.kotangent.ir.Literal;
import io.kotangent.type.DType;
import io.kotangent.type.TensorType;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Elements of constants as text, exactly: the shortest decimal that reads back, `nan` (with its bits unless
/// they are the usual ones), `inf`, `-0.0`.
final class LiteralText {
  /// The most elements that are printed in the text itself.
  static final int LONGEST = 8;

  private LiteralText() {
  }

  static String elements(Literal literal) {
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < literal.length(); i++) {
      elements.add(element(literal, i));
    }
    return literal.type().isScalar() ? elements.getFirst() : "(" + String.join(",", elements) + ")";
  }

  private static String element(Literal literal, int index) {
    long bits = literal.bits(index);
    return switch (literal.type().dtype()) {
      case F32 -> real(BasicEval.f32(bits), Float.toString(BasicEval.f32(bits)), bits, 0x7fc00000L);
      case F64 -> real(BasicEval.f64(bits), Double.toString(BasicEval.f64(bits)), bits,
          0x7ff8000000000000L);
      case I32, I64 -> Long.toString(bits);
      case BOOL -> bits != 0 ? "true" : "false";
    };
  }

  private static String real(double value, String decimal, long bits, long usualNan) {
    if (Double.isNaN(value)) {
      return bits == usualNan ? "nan" : "nan:" + Long.toHexString(bits);
    }
    return Double.isInfinite(value) ? value > 0 ? "inf" : "-inf" : decimal;
  }

  /// 128 bits of the SHA-256 of type and elements.
  static String digest(Literal literal) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(literal.type().toString().getBytes(StandardCharsets.UTF_8));
      ByteBuffer buffer = ByteBuffer.allocate(8);
      for (int i = 0; i < literal.length(); i++) {
        sha.update(buffer.putLong(0, literal.bits(i)).array());
      }
      return HexFormat.of().formatHex(sha.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new io.kotangent.type.KotangentException("this Java has no SHA-256", e);
    }
  }

  /// The literal that a list of elements spells.
  static Literal parse(TensorType type, List<Scanner> elements) {
    Object array = type.dtype().newArray(elements.size());
    for (int i = 0; i < elements.size(); i++) {
      Array.set(array, i, parse(type.dtype(), elements.get(i)));
    }
    return Literal.of(type, array);
  }

  private static Object parse(DType dtype, Scanner element) {
    String text = element.rest();
    try {
      return switch (dtype) {
        case F32 -> parseF32(element, text);
        case F64 -> parseF64(element, text);
        case I32 -> Integer.parseInt(text);
        case I64 -> Long.parseLong(text);
        case BOOL -> {
          if (text.equals("true") || text.equals("false")) {
            yield text.equals("true");
          }
          throw element.error("true or false");
        }
      };
    } catch (NumberFormatException e) {
      throw element.error("a number of type " + dtype);
    }
  }

  private static float parseF32(Scanner element, String text) {
    return switch (text) {
      case "nan" -> Float.NaN;
      case "inf" -> Float.POSITIVE_INFINITY;
      case "-inf" -> Float.NEGATIVE_INFINITY;
      default -> {
        float value = text.startsWith("nan:")
            ? Float.intBitsToFloat(Integer.parseUnsignedInt(text.substring(4), 16))
            : Float.parseFloat(checked(element, text));
        if (Float.isInfinite(value) || text.startsWith("nan:") != Float.isNaN(value)) {
          throw element.error("a number in the range of f32");
        }
        yield value;
      }
    };
  }

  private static double parseF64(Scanner element, String text) {
    return switch (text) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> {
        double value = text.startsWith("nan:")
            ? Double.longBitsToDouble(Long.parseUnsignedLong(text.substring(4), 16))
            : Double.parseDouble(checked(element, text));
        if (Double.isInfinite(value) || text.startsWith("nan:") != Double.isNaN(value)) {
          throw element.error("a number in the range of f64");
        }
        yield value;
      }
    };
  }

  /// Java's parsers take more than we do: blanks, `NaN`, a suffix `f` or `d`.
  private static String checked(Scanner element, String text) {
    boolean hex = text.contains("0x") || text.contains("0X");
    String allowed = hex ? "0123456789abcdefABCDEFxXpP.+-" : "0123456789.eE+-";
    for (char c : text.toCharArray()) {
      if (allowed.indexOf(c) < 0) {
        throw element.error("a number");
      }
    }
    return text;
  }
}
