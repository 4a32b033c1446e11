package io.kotangent.alone;

import java.nio.ByteBuffer;

/** Arrays of the five element types: {@code f} float, {@code d} double, {@code i} int, {@code l} long, {@code b} boolean. */
final class Elements {
  static final Object NONE = new Object();

  private Elements() {
  }

  static Object make(char type, long length, String what) {
    if (length < 0 || length > Slots.LONGEST) {
      throw new IllegalArgumentException(
          what + ": an array of " + length + " elements is too long; use smaller batches");
    }
    int n = (int) length;
    // returned one by one: TeaVM mixes up the types of one value that may be five arrays
    if (type == 'f') {
      return new float[n];
    } else if (type == 'd') {
      return new double[n];
    } else if (type == 'i') {
      return new int[n];
    } else if (type == 'l') {
      return new long[n];
    }
    return new boolean[n];
  }

  static int length(Object array) {
    if (array instanceof float[] a) {
      return a.length;
    } else if (array instanceof double[] a) {
      return a.length;
    } else if (array instanceof int[] a) {
      return a.length;
    } else if (array instanceof long[] a) {
      return a.length;
    }
    return array instanceof boolean[] a ? a.length : 0;
  }

  /** A question mark if it is no such array. */
  static char type(Object array) {
    return array instanceof float[] ? 'f' : array instanceof double[] ? 'd'
        : array instanceof int[] ? 'i' : array instanceof long[] ? 'l'
            : array instanceof boolean[] ? 'b' : '?';
  }

  static String name(char type) {
    return switch (type) {
      case 'f' -> "F32";
      case 'd' -> "F64";
      case 'i' -> "I32";
      case 'l' -> "I64";
      case 'b' -> "BOOL";
      default -> "null or no array";
    };
  }

  static int bytes(char type) {
    return type == 'b' ? 1 : type == 'f' || type == 'i' ? 4 : 8;
  }

  /** Whether an array has that type and at least that length. */
  static boolean fits(char type, Object array, long length) {
    return type(array) == type && length(array) >= length;
  }

  static IllegalArgumentException unfit(String what, char type, Object array, long length) {
    return new IllegalArgumentException(what + ": expected an array of at least " + length
        + " elements of type " + name(type) + ", got " + length(array) + " of "
        + name(type(array)));
  }

  /** The first element outside of a range; NaN always is. Below 0 if there is none. */
  static int outside(Object array, int from, int count, long low, long high) {
    for (int i = from; i < from + count; i++) {
      boolean inside = array instanceof int[] a ? a[i] >= low && a[i] <= high
          : array instanceof long[] b ? b[i] >= low && b[i] <= high
              : isWithin(array, i, low, high);
      if (!inside) {
        return i;
      }
    }
    return -1;
  }

  static IllegalArgumentException outOfRange(String what, Object array, int from, int at, long low,
      long high) {
    String value = array instanceof int[] a ? String.valueOf(a[at])
        : array instanceof long[] b ? String.valueOf(b[at]) : String.valueOf(real(array, at));
    return new IllegalArgumentException(what + ": element " + (at - from) + " is " + value
        + ", expected " + low + " to " + high);
  }

  static boolean isWithin(Object array, int i, double low, double high) {
    double x = real(array, i);
    return x >= low && x <= high;
  }

  private static double real(Object array, int i) {
    return array instanceof float[] a ? a[i] : array instanceof double[] b ? b[i]
        : array instanceof int[] c ? c[i] : array instanceof long[] d ? d[i] : 0;
  }

  /** Takes the next {@code count} elements. Those of floating point at once, since this runs before the JIT has compiled it. */
  static void read(ByteBuffer from, Object to, int offset, int count) {
    if (to instanceof float[] a) {
      from.asFloatBuffer().get(a, offset, count);
      from.position(from.position() + count * Float.BYTES);
      return;
    }
    if (to instanceof double[] a) {
      from.asDoubleBuffer().get(a, offset, count);
      from.position(from.position() + count * Double.BYTES);
      return;
    }
    for (int i = offset; i < offset + count; i++) {
      if (to instanceof int[] a) {
        a[i] = from.getInt();
      } else if (to instanceof long[] a) {
        a[i] = from.getLong();
      } else if (to instanceof boolean[] a) {
        a[i] = from.get() != 0;
      }
    }
  }

  static void write(ByteBuffer to, Object array, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      if (array instanceof float[] a) {
        to.putInt(Float.floatToRawIntBits(a[i]));
      } else if (array instanceof double[] a) {
        to.putLong(Double.doubleToRawLongBits(a[i]));
      } else if (array instanceof int[] a) {
        to.putInt(a[i]);
      } else if (array instanceof long[] a) {
        to.putLong(a[i]);
      } else if (array instanceof boolean[] a) {
        to.put((byte) (a[i] ? 1 : 0));
      }
    }
  }
}
