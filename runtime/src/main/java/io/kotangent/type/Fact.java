package io.kotangent.type;

/** Something declared about a port; {@link Range} is checked whenever it is fed. */
public sealed interface Fact {
  /** Every element lies in {@code low..high}, both ends included. Prints as {@code in 0..9}. */
  record Range(long low, long high) implements Fact {
    /** Refuses an empty range. */
    public Range {
      if (low > high) {
        throw new KotangentException("empty range " + low + ".." + high);
      }
    }

    @Override
    public String toString() {
      return "in " + low + ".." + high;
    }
  }

  /**
   * Updates of this state are committed only if all elements are finite. While these lie between -2 to the power
   * {@code exponent} and 2 to it, both excluded, and are not below 0 unless they may be {@code negative}, the program's
   * guard sees to that, and that they lie there again. Once others were set, a run does. Prints as {@code finite 2^128} or
   * {@code finite 0..2^128}.
   */
  record Finite(boolean negative, int exponent) implements Fact {
    @Override
    public String toString() {
      return "finite " + (negative ? "" : "0..") + "2^" + exponent;
    }
  }

  /**
   * This state belongs to the parameter {@code of} (an optimizer's moment, say) and has its shape. The arrays of one
   * {@code kind} are laid out like the parameters'. Prints as {@code as m of w}.
   */
  record Slot(String kind, String of) implements Fact {
    @Override
    public String toString() {
      return "as " + kind + " of " + of;
    }
  }
}
