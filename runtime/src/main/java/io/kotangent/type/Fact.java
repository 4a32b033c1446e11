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
