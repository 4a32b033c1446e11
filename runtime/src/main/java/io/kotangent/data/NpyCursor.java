package io.kotangent.data;

import io.kotangent.data.DataException.Kind;
import java.util.ArrayList;
import java.util.List;

/** The text of an npy header, a literal of Python: taken apart by hand, never evaluated. */
final class NpyCursor {
  private static final String BLANKS = " \t\r\n\f";
  private static final int MOST_DIGITS = 18;

  private final String text;
  private final TensorSource source;
  private final int start;
  private int position;

  /** {@code text} has one character for each byte, and begins at byte {@code start}. */
  NpyCursor(String text, TensorSource source, int start) {
    this.text = text;
    this.source = source;
    this.start = start;
  }

  DataException wrong(Kind kind, String detail) {
    return new DataException(source.format(), kind, source.name(), (long) start + position, detail);
  }

  private DataException unexpected(String expected) {
    return wrong(Kind.SYNTAX, "the header has " + here() + ": expected " + expected
        + ", as in {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }; "
        + "the file is damaged, save it again");
  }

  private String here() {
    if (position >= text.length()) {
      return "come to its end";
    }
    char next = text.charAt(position);
    return next > ' ' && next < 0x7f ? "'" + next + "'" : "a byte of " + (int) next;
  }

  /** The next character that is not blank, without taking it; a blank at the end. */
  char peek() {
    while (position < text.length() && BLANKS.indexOf(text.charAt(position)) >= 0) {
      position++;
    }
    return position < text.length() ? text.charAt(position) : ' ';
  }

  boolean accept(char expected) {
    boolean there = peek() == expected;
    position += there ? 1 : 0;
    return there;
  }

  void expect(char expected, String where) {
    if (!accept(expected)) {
      throw unexpected("'" + expected + "' " + where);
    }
  }

  void expectEnd() {
    if (peek() != ' ') {
      throw unexpected("nothing but blanks after '}'");
    }
  }

  /** A string of one line without backslashes, as no name or type of ours needs them. */
  String string(String what) {
    char quote = peek();
    if (quote != '\'' && quote != '"') {
      throw unexpected(what + " in quotes");
    }
    position++;
    int from = position;
    while (position < text.length() && text.charAt(position) != quote) {
      if (text.charAt(position) < ' ' || text.charAt(position) == '\\') {
        throw unexpected(what + " without control characters and backslashes");
      }
      position++;
    }
    if (position == text.length()) {
      throw unexpected("the end of " + what);
    }
    return text.substring(from, position++);
  }

  boolean truth(String what) {
    peek();
    for (String value : List.of("True", "False")) {
      if (text.startsWith(value, position)) {
        position += value.length();
        return value.equals("True");
      }
    }
    throw unexpected("True or False for " + what);
  }

  /** The sizes of a shape: a tuple of integers, that of one with a comma after it. */
  List<Long> sizes(int most) {
    expect('(', "before the sizes");
    List<Long> sizes = new ArrayList<>();
    while (!accept(')')) {
      if (sizes.size() >= most) {
        throw wrong(Kind.LIMIT, "more than " + most
            + " axes; reshape the array before it is saved");
      }
      sizes.add(size());
      if (!accept(',')) {
        if (sizes.size() == 1) {
          throw unexpected("',' after the only size, as in (3,)");
        }
        expect(')', "or ',' after a size");
        break;
      }
    }
    return sizes;
  }

  /** An integer from 0, with the {@code L} of Python 2 or without. */
  private long size() {
    peek();
    int from = position;
    boolean negative = accept('-');
    int digits = position;
    while (position < text.length() && text.charAt(position) >= '0'
        && text.charAt(position) <= '9') {
      position++;
    }
    int count = position - digits;
    if (count == 0 || count > 1 && text.charAt(digits) == '0') {
      throw unexpected("a size, an integer");
    }
    if (negative || count > MOST_DIGITS) {
      String size = text.substring(from, Math.min(position, from + MOST_DIGITS + 7));
      position = from;
      throw wrong(Kind.SIZE, "a size of " + size + ": expected 0 to " + Integer.MAX_VALUE
          + "; the file is damaged, save it again");
    }
    long size = Long.parseLong(text.substring(digits, position));
    if (position < text.length() && text.charAt(position) == 'L') {
      position++;
    }
    return size;
  }
}
