package io.kotangent.runtime;

import io.kotangent.type.Fact;
import io.kotangent.type.Port;

/** Whether fed elements lie in the range that their port declares. */
final class RangeCheck {
  private RangeCheck() {
  }

  /** Throws a {@link FeedException} for the first of {@code count} elements that is outside; NaN always is. */
  static void check(String program, Port port, Fact.Range range, Object array, int count) {
    int bad = -1;
    if (array instanceof int[] ints) {
      bad = firstOutside(ints, count, range.low(), range.high());
    } else if (array instanceof long[] longs) {
      bad = firstOutside(longs, count, range.low(), range.high());
    } else if (array instanceof float[] floats) {
      bad = firstOutside(floats, count, (double) range.low(), (double) range.high());
    } else if (array instanceof double[] doubles) {
      bad = firstOutside(doubles, count, (double) range.low(), (double) range.high());
    }
    if (bad >= 0) {
      throw new FeedException(
          "input '" + port.name() + "' of program " + program + ": element " + bad + " is "
              + java.lang.reflect.Array.get(array, bad) + ", expected a value from " + range.low()
              + " to " + range.high()
              + " (declared '" + port + "'); mend the data");
    }
  }

  private static int firstOutside(int[] array, int count, long low, long high) {
    for (int i = 0; i < count; i++) {
      if (array[i] < low || array[i] > high) {
        return i;
      }
    }
    return -1;
  }

  private static int firstOutside(long[] array, int count, long low, long high) {
    for (int i = 0; i < count; i++) {
      if (array[i] < low || array[i] > high) {
        return i;
      }
    }
    return -1;
  }

  private static int firstOutside(float[] array, int count, double low, double high) {
    for (int i = 0; i < count; i++) {
      if (!(array[i] >= low && array[i] <= high)) {
        return i;
      }
    }
    return -1;
  }

  private static int firstOutside(double[] array, int count, double low, double high) {
    for (int i = 0; i < count; i++) {
      if (!(array[i] >= low && array[i] <= high)) {
        return i;
      }
    }
    return -1;
  }
}
