package io.kotangent.formula;

import io.kotangent.type.KotangentException;

/// A text that is no formula: where, what was expected, and what came. The message has the text with a caret under the place.
public final class FormulaException extends KotangentException {
  private static final long serialVersionUID = 1;
  private static final int SHOWN = 60;
  private final int column;
  private final String expected;
  private final String got;

  FormulaException(String text, int at, String expected, String got) {
    super("formula, column " + (at + 1) + ": expected " + expected + ", got " + got + "\n"
        + marked(text, at));
    this.column = at + 1;
    this.expected = expected;
    this.got = got;
  }

  /// The text around the place, and a caret below it.
  private static String marked(String text, int at) {
    int from = Math.max(0, at - SHOWN);
    int to = Math.min(text.length(), at + SHOWN);
    String start = from > 0 ? "…" : "";
    String shown = text.substring(from, to).codePoints()
        .map(c -> Character.isISOControl(c) ? ' ' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
    int before = text.codePointCount(from, at);
    return "  " + start + shown + (to < text.length() ? "…" : "") + "\n  "
        + " ".repeat(start.length() + before) + "^";
  }

  /// Where, from 1, in UTF-16 units.
  public int column() {
    return column;
  }

  public String expected() {
    return expected;
  }

  public String got() {
    return got;
  }
}
