package io.kotangent.plan.nest;

import io.kotangent.loop.Local;
import io.kotangent.type.DType;
import java.util.Set;

/// Names the locals of a kernel: a letter or more, and a number that no other has.
final class LocalNames {
  /// What the names of arrays and sizes begin with, which are counted apart.
  private static final Set<String> TAKEN = Set.of("a", "n", "r", "s", "u");

  private int next;

  Local next(String prefix, DType dtype) {
    if (TAKEN.contains(prefix)) {
      throw new IllegalArgumentException("a local named as arrays or sizes are: " + prefix);
    }
    return new Local(prefix + next++, dtype);
  }
}
