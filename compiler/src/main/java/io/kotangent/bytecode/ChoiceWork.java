package io.kotangent.bytecode;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How much work the choices of a program are at some sizes, in picoseconds, about.
final class ChoiceWork {
  /// What is less than such a part of all is not worth the time of C2.
  private static final long LITTLE = 300;

  /// For sizes that no call has.
  static final ChoiceWork NONE = new ChoiceWork(new int[] {-1}, new long[0]);

  private final int[] sizes;
  private final long[] each;
  private final long all;

  private ChoiceWork(int[] sizes, long[] each) {
    this.sizes = sizes;
    this.each = each;
    this.all = Arrays.stream(each).sum();
  }

  /// @param symbols the names of the sizes
  static ChoiceWork of(Choice[] choices, List<String> symbols, int[] sizes) {
    Map<String, Long> known = new HashMap<>();
    for (int i = 0; i < sizes.length; i++) {
      known.put(symbols.get(i), (long) sizes[i]);
    }
    long[] each = new long[choices.length];
    for (int i = 0; i < each.length; i++) {
      each[i] = choices[i].fits(sizes) ? choices[i].work(known) : 0;
    }
    return new ChoiceWork(sizes.clone(), each);
  }

  boolean isFor(int[] others) {
    return Arrays.equals(sizes, others);
  }

  long of(int choice) {
    return each[choice];
  }

  boolean isLittle(int choice) {
    return each[choice] * LITTLE < all;
  }
}
