package io.kotangent.alone;

/** One thing that a network does, such as {@code predict}: what the compiler emits, one class each. */
abstract class Entry {
  /** What its caller sees and which arrays it works on. */
  abstract Slots slots();

  /** Finds sizes from the elements of the inputs; those that they do not determine are there already. */
  abstract void solve(long[] elements, int[] sizes);

  /** Throws an {@link IllegalArgumentException} unless these sizes are allowed. */
  abstract void check(int[] sizes);

  /** Says how long each input must be, each result, and each array of its own. */
  abstract void lengths(int[] sizes, long[] inputs, long[] results, long[] arrays);

  /** Chooses between ways to the same bits, before a run; here there is one. */
  void choose(Object[] arrays, int[] sizes) {
    // nothing to choose
  }

  /** One thread's share of a run; false if nothing was updated because something would not have been finite. */
  abstract boolean run(Object[] arrays, int[] sizes, int thread, int threads, Runnable barrier);

  /** The size that makes {@code offset + slope·size} elements. */
  static int whole(long elements, long offset, long slope, String what) {
    long size = slope == 0 ? -1 : (elements - offset) / slope;
    if (size < 0 || size > Slots.LONGEST || slope * size != elements - offset) {
      throw new IllegalArgumentException(what + ": got an array of " + elements + " elements");
    }
    return (int) size;
  }

  /** Throws unless an array has exactly so many elements. */
  static void same(long elements, long expected, String what) {
    if (elements != expected) {
      throw new IllegalArgumentException(
          what + ": expected an array of " + expected + " elements, got " + elements);
    }
  }

  static void equal(long left, long right, String what) {
    require(left == right, left, right, what);
  }

  static void atLeast(long left, long right, String what) {
    require(left >= right, left, right, what);
  }

  static void multiple(long left, long right, String what) {
    require(right != 0 && left % right == 0, left, right, what);
  }

  private static void require(boolean holds, long left, long right, String what) {
    if (!holds) {
      throw new IllegalArgumentException(
          "sizes: expected " + what + ", got " + left + " and " + right);
    }
  }
}
