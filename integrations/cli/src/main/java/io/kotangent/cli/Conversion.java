package io.kotangent.cli;

import io.kotangent.type.DType;
import io.kotangent.type.Port;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Optional;

/// Makes elements of an input's type of those of a file: numbers of floating point are rounded, integers must be exact.
final class Conversion {
  private static final double INT_LIMIT = 0x1p31;
  private static final double LONG_LIMIT = 0x1p63;

  private Conversion() {
  }

  /// The elements of an array as the port's type.
  static Object of(Path file, Object elements, Port port, Optional<Double> scale) {
    DType dtype = port.type().dtype();
    if (dtype.isArray(elements) && scale.isEmpty()) {
      return elements;
    }
    int count = Array.getLength(elements);
    Object array = dtype.newArray(count);
    for (int i = 0; i < count; i++) {
      double scaled = elements instanceof boolean[] flags ? (flags[i] ? 1 : 0)
          : ((Number) Array.get(elements, i)).doubleValue() * scale.orElse(1.0);
      boolean fits = elements instanceof long[] longs && scale.isEmpty()
          ? setLong(array, i, longs[i]) : setDouble(array, i, scaled);
      if (!fits) {
        throw BadInput.in(file, "element " + i + " is " + Array.get(elements, i)
            + scale.map(s -> " times " + s).orElse("") + ", which is none of " + dtype
            + ", the type of input " + port.name());
      }
    }
    return array;
  }

  /// Sets one element to a cell of a table.
  static void set(Object array, int index, CsvTable table, int row, int column,
      Optional<Double> scale) {
    String text = table.cells().get(row).get(column);
    boolean isFlag = text.equals("true") || text.equals("false");
    if (!CsvTable.isNumber(text) || isFlag && !(array instanceof boolean[])) {
      throw table.wrong(row, column,
          array instanceof boolean[] ? "true, false, 1 or 0" : "a number");
    }
    boolean fits;
    if (isFlag) {
      Array.setBoolean(array, index, text.equals("true"));
      fits = true;
    } else if (scale.isEmpty() && array instanceof float[] floats) {
      floats[index] = Float.parseFloat(text);
      fits = true;
    } else if (scale.isEmpty() && (array instanceof long[] || array instanceof int[])) {
      fits = setInteger(array, index, text);
    } else {
      fits = setDouble(array, index, Double.parseDouble(text) * scale.orElse(1.0));
    }
    if (!fits) {
      throw table.wrong(row, column, array instanceof boolean[] ? "true, false, 1 or 0"
          : "an integer of " + (array instanceof int[] ? "32" : "64") + " bits");
    }
  }

  /// Exactly, also where a double would round.
  private static boolean setInteger(Object array, int index, String text) {
    try {
      return setLong(array, index, new BigDecimal(text).longValueExact());
    } catch (ArithmeticException | NumberFormatException e) {
      return false; // a fraction, too large, or no number
    }
  }

  private static boolean setLong(Object array, int index, long value) {
    switch (array) {
      case long[] longs -> longs[index] = value;
      case int[] ints -> {
        ints[index] = (int) value;
        return (int) value == value;
      }
      case float[] floats -> floats[index] = value;
      default -> {
        return setDouble(array, index, value);
      }
    }
    return true;
  }

  private static boolean setDouble(Object array, int index, double value) {
    switch (array) {
      case float[] floats -> floats[index] = (float) value;
      case double[] doubles -> doubles[index] = value;
      case int[] ints -> {
        ints[index] = (int) value;
        return value == Math.rint(value) && value >= -INT_LIMIT && value < INT_LIMIT;
      }
      case long[] longs -> {
        longs[index] = (long) value;
        return value == Math.rint(value) && value >= -LONG_LIMIT && value < LONG_LIMIT;
      }
      case boolean[] flags -> {
        flags[index] = value != 0;
        return value == 0 || value == 1;
      }
      default -> throw new IllegalStateException("no array of elements: " + array);
    }
    return true;
  }
}
