package io.kotangent.text;

import io.kotangent.type.KotangentException;

/// A text that is not one of graphs: where, what was expected, and what came.
public final class ParseException extends KotangentException {
  private static final long serialVersionUID = 1;
  private static final int LONGEST = 1000;
  private final int line;
  private final int column;
  private final String expected;
  private final String got;

  ParseException(int line, int column, String expected, String got) {
    super("line " + line + ", column " + column + ": expected " + cut(expected) + ", got "
        + cut(got));
    this.line = line;
    this.column = column;
    this.expected = cut(expected);
    this.got = cut(got);
  }

  /// Messages quote operands and lists, which may be as long as a text.
  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }

  /// From 1.
  public int line() {
    return line;
  }

  /// From 1, in UTF-16 units.
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
