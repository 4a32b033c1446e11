package io.kotangent.text;

import io.kotangent.ir.NameText;
import io.kotangent.ir.Origin;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the origin after a `;`: a scope, a place such as `Model.java:42`, or both.
final class OriginText {
  private static final Pattern ORIGIN =
      Pattern.compile("(?:([!-~&&[^:;]]+) )?([!-~&&[^:;]]+:[0-9]+)|([!-~&&[^:;]]+)");

  private OriginText() {
  }

  /// The origin that a comment is; unknown if it is another comment.
  static Origin parse(String comment) {
    Matcher matcher = ORIGIN.matcher(comment);
    if (comment.length() > NameText.LONGEST || !matcher.matches()) {
      return Origin.UNKNOWN;
    }
    String scope = matcher.group(3) != null ? matcher.group(3)
        : matcher.group(1) != null ? matcher.group(1) : "";
    return new Origin(scope, matcher.group(2) != null ? matcher.group(2) : "");
  }
}
