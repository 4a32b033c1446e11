package io.kotangent.text;

import io.kotangent.ir.NameText;
import java.util.ArrayList;
import java.util.List;

/// A place in a text, and what may be read there. Blanks before a word are skipped; line ends are not.
final class Scanner {
  private final String text;
  private final int limit;
  private int at;

  Scanner(String text) {
    this(text, 0, text.length());
  }

  private Scanner(String text, int at, int limit) {
    this.text = text;
    this.at = at;
    this.limit = limit;
  }

  /// The scanner's place, to go back to in an error.
  int place() {
    blanks();
    return at;
  }

  ParseException error(String expected) {
    return error(place(), expected, got());
  }

  ParseException error(int place, String expected, String got) {
    int line = 1;
    int start = 0;
    for (int i = text.indexOf('\n'); i >= 0 && i < place; i = text.indexOf('\n', i + 1)) {
      line++;
      start = i + 1;
    }
    return new ParseException(line, place - start + 1, expected, got);
  }

  String got() {
    if (at >= text.length()) {
      return "the end of the text";
    }
    char c = text.charAt(at);
    if (c == '\n') {
      return "the end of the line";
    }
    int end = at + 1;
    if (NameText.isNext(c)) {
      while (end < text.length() && end < at + 40 && NameText.isNext(text.charAt(end))) {
        end++;
      }
    }
    return c >= ' ' && c <= '~' ? "'" + text.substring(at, end) + "'"
        : String.format("the character U+%04X", (int) c);
  }

  private void blanks() {
    while (at < limit
        && (text.charAt(at) == ' ' || text.charAt(at) == '\t' || text.charAt(at) == '\r')) {
      at++;
    }
  }

  boolean atEnd() {
    blanks();
    return at >= limit;
  }

  /// The next character that is not blank; a line end at the end.
  char peek() {
    return atEnd() ? '\n' : text.charAt(at);
  }

  boolean take(char c) {
    boolean found = !atEnd() && text.charAt(at) == c;
    if (found) {
      at++;
    }
    return found;
  }

  boolean take(String word) {
    blanks();
    boolean found = at + word.length() <= limit && text.startsWith(word, at);
    if (found) {
      at += word.length();
    }
    return found;
  }

  void expect(String word) {
    if (!take(word)) {
      throw error("'" + word + "'");
    }
  }

  /// Skips blanks, line ends and comments.
  void lines() {
    while (!atEnd() && (text.charAt(at) == '\n' || text.charAt(at) == ';')) {
      int end = text.indexOf('\n', at);
      at = end < 0 ? limit : Math.min(limit, end + 1);
    }
  }

  /// What follows a `;` on this line, if anything; then the line end.
  String comment() {
    String comment = "";
    if (take(';')) {
      int end = text.indexOf('\n', at);
      end = end < 0 ? limit : end;
      comment = text.substring(at, end).strip();
      at = end;
    }
    if (!atEnd() && !take('\n')) {
      throw error("the end of the line");
    }
    return comment;
  }

  /// Letters, digits, `_`, `.`, `/`; begins with a letter or `_`; empty if there is none here.
  String word() {
    blanks();
    int start = at;
    if (at < limit && NameText.isFirst(text.charAt(at))) {
      while (at < limit && NameText.isNext(text.charAt(at))) {
        at++;
      }
    }
    return text.substring(start, at);
  }

  /// A bare or quoted name.
  String name(String what) {
    int start = place();
    String name = peek() == '"' ? string() : word();
    if (name.isEmpty() && start == at) {
      throw error(what);
    }
    if (name.length() > NameText.LONGEST) {
      throw error(start, what + " of at most " + NameText.LONGEST + " characters",
          name.length() + " characters");
    }
    return name;
  }

  String string() {
    expect("\"");
    StringBuilder value = new StringBuilder();
    while (at < limit && text.charAt(at) != '"') {
      char c = text.charAt(at);
      if (c < ' ' || c > '~') {
        throw error(at, "printable ASCII or a \\uXXXX escape", got());
      }
      at++;
      value.append(c == '\\' ? escape() : c);
    }
    if (at >= limit) {
      throw error("a closing '\"'");
    }
    at++;
    return value.toString();
  }

  private char escape() {
    char c = at < limit ? text.charAt(at) : ' ';
    if (c == '"' || c == '\\') {
      at++;
      return c;
    }
    if (c == 'u' && at + 5 <= limit && text.substring(at + 1, at + 5).matches("[0-9a-fA-F]{4}")) {
      at += 5;
      return (char) Integer.parseInt(text, at - 4, at, 16);
    }
    throw error(at, "an escape: \\\\, \\\" or \\uXXXX", got());
  }

  /// The letters and digits after a `%`.
  String valueName() {
    int start = at;
    while (at < limit
        && (NameText.isFirst(text.charAt(at)) || Character.digit(text.charAt(at), 10) >= 0)
        && text.charAt(at) <= '~') {
      at++;
    }
    if (start == at || at - start > NameText.LONGEST) {
      throw error(start, "a value such as %0", got());
    }
    return text.substring(start, at);
  }

  /// A whole number of 64 bits.
  long integer() {
    int start = place();
    if (at < limit && text.charAt(at) == '-') {
      at++;
    }
    int digits = at;
    while (at < limit && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == digits) {
      at = start;
      throw error("an integer");
    }
    try {
      return Long.parseLong(text, start, at, 10);
    } catch (NumberFormatException e) {
      throw error(start, "an integer of 64 bits",
          "'" + text.substring(start, Math.min(at, start + 40)) + "'");
    }
  }

  /// All that is left, without blanks around it.
  String rest() {
    return text.substring(place(), limit).strip();
  }

  void end(String expected) {
    if (!atEnd()) {
      throw error(expected);
    }
  }

  /// What lies between here and a `,` or `close` outside of parentheses and strings, on this line.
  Scanner span(char close) {
    int start = place();
    int depth = 0;
    while (at < limit && text.charAt(at) != '\n') {
      char c = text.charAt(at);
      if (depth == 0 && (c == ',' || c == close)) {
        break;
      }
      if (c == '"') {
        string();
        continue;
      }
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth < 0) {
        break;
      }
      at++;
    }
    return new Scanner(text, start, at);
  }

  /// The same part of the text, from that place on.
  Scanner from(int start) {
    return new Scanner(text, start, limit);
  }

  /// The parts of `(a,b,c)`, or the whole as the only part.
  List<Scanner> list() {
    List<Scanner> parts = new ArrayList<>();
    if (peek() != '(') {
      parts.add(new Scanner(text, at, limit));
      at = limit;
      return parts;
    }
    at++;
    if (!take(')')) {
      do {
        parts.add(span(')'));
      } while (take(','));
      expect(")");
    }
    end("',' or ']'");
    return parts;
  }
}
