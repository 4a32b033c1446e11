package io.kotangent.assertions;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Which names somebody may have meant.
final class Nearest {
  private static final int MOST = 5;

  private Nearest() {
  }

  /// The nearest ones, `'w1', 'w2' (7 in all)`.
  static String of(String name, Collection<String> known) {
    if (known.isEmpty()) {
      return "none, there is nothing of that kind";
    }
    List<String> nearest = known.stream()
        .sorted(Comparator.comparingInt((String other) -> distance(name, other))
            .thenComparing(Comparator.naturalOrder()))
        .limit(MOST).map(other -> "'" + other + "'").toList();
    return String.join(", ", nearest)
        + (known.size() > MOST ? " (" + known.size() + " in all)" : "");
  }

  /// How many characters have to be changed, added or left out.
  static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }
}
