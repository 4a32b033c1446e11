package io.kotangent.text;

import io.kotangent.type.KotangentException;

/// A text that is not one of graphs: where, what was expected, and what came.
public final class ParseException extends KotangentException {
  private static final long serialVersionUID = 1;
  private final int line;
  private final int column;
  private final String expected;
  private final String got;

  ParseException(int line, int column, String expected, String got) {
    super("line " + line + ", column " + column + ": expected " + expected + ", got " + got);
    this.line = line;
    this.column = column;
    this.expected = expected;
    this.got = got;
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
