package io.kotangent.bytecode;

import java.util.Arrays;

/// The ways that runs take with the sizes that there were: no run decides twice. Thread-safe.
final class KnownWays {
  /// Of so many different sizes; runs with others decide each time.
  private static final int MOST = 256;

  /// @param flags of each choice, whether its first way is taken
  private record Ways(int[] sizes, boolean[] flags) {
  }

  /// Replaced as a whole.
  ///
  /// @param changes how much SIMD code had become ready by then
  private record Known(int changes, Ways[] all) {
  }

  private volatile Known known = new Known(-1, new Ways[0]);

  /// Sets the flags to those for some sizes, if they are known and no SIMD code has become ready since. (Little code that is soon
  /// compiled, and allocates nothing.)
  boolean find(int changes, int[] sizes, boolean[] flags) {
    Known now = known;
    if (now.changes() == changes) {
      for (Ways ways : now.all()) {
        if (Arrays.equals(ways.sizes(), sizes)) {
          System.arraycopy(ways.flags(), 0, flags, 0, ways.flags().length);
          return true;
        }
      }
    }
    return false;
  }

  synchronized void add(int changes, int[] sizes, boolean[] flags) {
    Ways[] before = known.changes() == changes ? known.all() : new Ways[0];
    if (before.length < MOST) {
      Ways[] all = Arrays.copyOf(before, before.length + 1);
      all[before.length] = new Ways(sizes.clone(), flags);
      known = new Known(changes, all);
    }
  }
}
