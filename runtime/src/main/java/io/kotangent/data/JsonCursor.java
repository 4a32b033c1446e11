package io.kotangent.data;

import io.kotangent.data.DataException.Kind;
import java.nio.charset.StandardCharsets;

/** A place in the JSON of a safetensors header: reads the few things that may stand there, strictly, never deeper. */
final class JsonCursor {
  private final byte[] text;
  private final String source;
  /** Where {@code text} begins in the file. */
  private final long start;
  private int position;

  JsonCursor(byte[] text, String source, long start) {
    this.text = text;
    this.source = source;
    this.start = start;
  }

  DataException wrong(Kind kind, String detail) {
    return new DataException(SafeTensors.FORMAT, kind, source, start + position, detail);
  }

  private void skipBlanks() {
    while (position < text.length && isBlank(text[position])) {
      position++;
    }
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }

  /** Whether {@code c} comes next, after blanks; passes it if so. */
  boolean accept(char c) {
    skipBlanks();
    if (position < text.length && text[position] == c) {
      position++;
      return true;
    }
    return false;
  }

  void expect(char c, String where) {
    if (!accept(c)) {
      throw wrong(Kind.HEADER, "expected '" + c + "' " + where + ", got " + found());
    }
  }

  private String found() {
    if (position >= text.length) {
      return "the end of the header";
    }
    int b = text[position] & 0xff;
    return b > 32 && b < 127 ? "'" + (char) b + "'" : String.format("byte 0x%02x", b);
  }

  void expectEnd() {
    skipBlanks();
    if (position < text.length) {
      throw wrong(Kind.HEADER,
          "expected nothing but blanks after the header's '}', got " + found());
    }
  }

  /** A non-negative integer without sign, leading zeros, fraction or exponent. */
  long integer(String what) {
    skipBlanks();
    int from = position;
    long value = 0;
    while (position < text.length && text[position] >= '0' && text[position] <= '9') {
      try {
        value = Math.addExact(Math.multiplyExact(value, 10L), text[position] - '0');
      } catch (ArithmeticException e) {
        throw wrong(Kind.SIZE, what + " is beyond 2^63");
      }
      position++;
    }
    boolean ends = position >= text.length || isBlank(text[position]) || text[position] == ','
        || text[position] == ']';
    if (position == from || position > from + 1 && text[from] == '0' || !ends) {
      throw wrong(Kind.HEADER,
          what + ": expected a non-negative integer in plain digits, got " + found());
    }
    return value;
  }

  /** A string, its escapes resolved. */
  String string(String what) {
    if (!accept('"')) {
      throw wrong(Kind.HEADER, "expected " + what + " in quotes, got " + found());
    }
    StringBuilder value = new StringBuilder();
    int from = position;
    while (true) {
      if (position >= text.length) {
        throw wrong(Kind.HEADER, what + " is not closed");
      }
      byte b = text[position];
      if (b == '"' || b == '\\') {
        value.append(new String(text, from, position - from, StandardCharsets.UTF_8));
        position++;
        if (b == '"') {
          break;
        }
        value.append(escape());
        from = position;
      } else if (b >= 0 && b < ' ') {
        throw wrong(Kind.HEADER, what + " contains the control character " + b);
      } else {
        position++;
      }
    }
    if (!TensorHeader.isUnicode(value.toString())) {
      throw wrong(Kind.ENCODING, what + " contains a lone surrogate");
    }
    return value.toString();
  }

  private char escape() {
    if (position >= text.length) {
      throw wrong(Kind.HEADER, "an escape is cut off");
    }
    char c = (char) text[position++];
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default ->
          throw wrong(Kind.HEADER, "unknown escape '\\" + (c > 32 && c < 127 ? c : '?') + "'");
    };
  }

  private char unicode() {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = position < text.length ? Character.digit((char) (text[position] & 0xff), 16) : -1;
      if (digit < 0) {
        throw wrong(Kind.HEADER, "expected four hexadecimal digits after '\\u', got " + found());
      }
      value = value << 4 | digit;
      position++;
    }
    return (char) value;
  }
}
