package io.kotangent.runtime;

import io.kotangent.type.Fact;
import io.kotangent.type.Port;

/** Whether elements lie in the range that their port declares. */
final class RangeCheck {
  private RangeCheck() {
  }

  /**
   * Throws a {@link FeedException} for the first of {@code count} elements from {@code start} on that is outside; NaN
   * always is.
   */
  static void check(String program, Port port, Fact.Range range, Object array, int start,
      int count) {
    int end = start + count;
    int bad = -1;
    if (array instanceof int[] ints) {
      bad = firstOutside(ints, start, end, range.low(), range.high());
    } else if (array instanceof long[] longs) {
      bad = firstOutside(longs, start, end, range.low(), range.high());
    } else if (array instanceof float[] floats) {
      bad = firstOutside(floats, start, end, range);
    } else if (array instanceof double[] doubles) {
      bad = firstOutside(doubles, start, end, range);
    }
    if (bad >= 0) {
      throw new FeedException(
          port.role() + " '" + port.name() + "' of program " + program + ": element "
              + (bad - start) + " is "
              + java.lang.reflect.Array.get(array, bad) + ", expected a value from " + range.low()
              + " to " + range.high()
              + " (declared '" + port + "'); mend the data");
    }
  }

  private static int firstOutside(int[] array, int start, int end, long low, long high) {
    for (int i = start; i < end; i++) {
      if (array[i] < low || array[i] > high) {
        return i;
      }
    }
    return -1;
  }

  private static int firstOutside(long[] array, int start, int end, long low, long high) {
    for (int i = start; i < end; i++) {
      if (array[i] < low || array[i] > high) {
        return i;
      }
    }
    return -1;
  }

  private static int firstOutside(float[] array, int start, int end, Fact.Range range) {
    for (int i = start; i < end; i++) {
      if (!(array[i] >= (double) range.low() && array[i] <= (double) range.high())) {
        return i;
      }
    }
    return -1;
  }

  private static int firstOutside(double[] array, int start, int end, Fact.Range range) {
    for (int i = start; i < end; i++) {
      if (!(array[i] >= (double) range.low() && array[i] <= (double) range.high())) {
        return i;
      }
    }
    return -1;
  }
}
