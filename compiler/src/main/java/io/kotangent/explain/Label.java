package io.kotangent.explain;

/// Texts cut to a width: monospaced, so that the width is known before a browser has it.
final class Label {
  /// Of a letter of 12 pixels, with something to spare for other fonts.
  static final double LETTER = 7.5;
  private static final int WIDE = 0x1100;

  private Label() {
  }

  /// The width of a text in pixels; letters of East Asia and signs such as emoji are wide.
  static double width(String text) {
    return text.codePoints().mapToDouble(Label::width).sum();
  }

  private static double width(int letter) {
    return letter < WIDE ? LETTER : 2 * LETTER;
  }

  /// As much of a text as fits, with `…` for what does not.
  static String fit(String text, double width) {
    if (width(text) <= width) {
      return text;
    }
    StringBuilder kept = new StringBuilder();
    double left = width - LETTER;
    for (int letter : text.codePoints().toArray()) {
      left -= width(letter);
      if (left < 0) {
        break;
      }
      kept.appendCodePoint(letter);
    }
    return kept.append('…').toString();
  }
}
