package io.kotangent.alone;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;

/** What an entry takes, gives and works on, read from the table that was emitted with it. */
final class Slots {
  static final int LONGEST = Integer.MAX_VALUE - 1024;

  final String name;
  final String[] symbols;
  final String[] inputs;
  final String[] results;
  /** The arrays: what each is (input, state, result, constant, workspace, scratch, ways), of which type, and which of its kind. */
  final char[] kinds;
  final char[] types;
  final int[] indices;
  final Object[] constants;
  final boolean updates;
  /** Which places of the state must be finite after its updates. */
  final long[] finite;
  private final char[] inputTypes;
  private final char[] resultTypes;
  private final long[] lows;
  private final long[] highs;

  /**
   * @param table lines of words: {@code entry NAME UPDATES}, then {@code size}, {@code in NAME TYPE LOW HIGH}, {@code out NAME TYPE},
   *     {@code array KIND TYPE INDEX} in their orders, {@code finite PLACE}
   * @param data the elements of constants, in pieces
   */
  Slots(String table, String... data) {
    String[] lines = table.split("\n", -1);
    String[] first = lines[0].split(" ", -1);
    name = first[1];
    updates = first[2].equals("updates");
    finite = numbers(words(lines, "finite", 1));
    symbols = words(lines, "size", 1);
    inputs = words(lines, "in", 1);
    inputTypes = letters(words(lines, "in", 2));
    lows = numbers(words(lines, "in", 3));
    highs = numbers(words(lines, "in", 4));
    results = words(lines, "out", 1);
    resultTypes = letters(words(lines, "out", 2));
    kinds = letters(words(lines, "array", 1));
    types = letters(words(lines, "array", 2));
    indices = new int[kinds.length];
    long[] which = numbers(words(lines, "array", 3));
    constants = new Object[kinds.length];
    byte[] bytes = Base64.getDecoder().decode(String.join("", data));
    ByteBuffer elements = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < kinds.length; i++) {
      indices[i] = (int) which[i];
      constants[i] = Elements.NONE;
      if (kinds[i] == 'c') {
        constants[i] = Elements.make(types[i], indices[i], name);
        Elements.read(elements, constants[i], 0, indices[i]);
      }
    }
  }

  private static String[] words(String[] lines, String key, int at) {
    String[] words = new String[lines.length];
    int count = 0;
    for (String line : lines) {
      if (line.startsWith(key + " ")) {
        words[count++] = line.split(" ", -1)[at];
      }
    }
    return Arrays.copyOf(words, count);
  }

  private static char[] letters(String[] words) {
    return String.join("", words).toCharArray();
  }

  private static long[] numbers(String[] words) {
    long[] numbers = new long[words.length];
    for (int i = 0; i < words.length; i++) {
      numbers[i] = Long.parseLong(words[i]);
    }
    return numbers;
  }

  /** Whether something is no argument of its own: its name is none in Java. */
  static boolean isOfTensors(String name) {
    return name.indexOf('.') >= 0;
  }

  char inputType(int index) {
    return inputTypes[index];
  }

  /** Throws unless an array can be an input, long enough and with all elements in their range. */
  void checkInput(int index, Object array, long length) {
    if (!Elements.fits(inputTypes[index], array, length)) {
      throw Elements.unfit(name + ", input " + inputs[index], inputTypes[index], array, length);
    }
    if (lows[index] <= highs[index]) {
      int at = Elements.outside(array, 0, (int) length, lows[index], highs[index]);
      if (at >= 0) {
        throw Elements.outOfRange(name + ", input " + inputs[index], array, 0, at, lows[index],
            highs[index]);
      }
    }
  }

  void checkResult(int index, Object array, long length) {
    if (!Elements.fits(resultTypes[index], array, length)) {
      throw Elements.unfit(name + ", result " + results[index], resultTypes[index], array,
          length);
    }
  }

  Object newResult(int index, long length) {
    return Elements.make(resultTypes[index], length, name + ", result " + results[index]);
  }
}
