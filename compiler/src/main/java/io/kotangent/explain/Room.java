package io.kotangent.explain;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/// How much there is still room for in a page, and what there was none for.
final class Room {
  private final int all;
  private int left;
  private final Map<String, Integer> missing = new LinkedHashMap<>();

  /// @param bytes that a page may have
  Room(int bytes) {
    this.all = bytes;
    this.left = bytes;
  }

  /// Takes room for what has to be there, or has been taken in, whether there is room or not.
  void take(String text) {
    left -= bytes(text);
  }

  /// Takes room for a part if there is enough, and more than a share of all is left after it.
  ///
  /// @param what it is, for the note: `pictures of passes`
  boolean has(String what, String text, double share) {
    int bytes = bytes(text);
    boolean fits = left - bytes >= share * all;
    if (fits) {
      left -= bytes;
    } else {
      missing.merge(what, 1, Integer::sum);
    }
    return fits;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /// A sentence on what is missing; empty if nothing is.
  String note() {
    StringJoiner parts = new StringJoiner(", ", "Left out, for the page to stay small: ", ".")
        .setEmptyValue("");
    missing.forEach((what, count) -> parts.add(what + " (" + count + ")"));
    return parts.toString();
  }
}
