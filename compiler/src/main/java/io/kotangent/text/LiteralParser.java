package io.kotangent.text;

import io.kotangent.ir.Literal;
import io.kotangent.type.DType;
import io.kotangent.type.TensorType;
import java.lang.reflect.Array;
import java.util.List;

/// Reads the elements that [io.kotangent.ir.LiteralText] prints.
final class LiteralParser {
  private LiteralParser() {
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
