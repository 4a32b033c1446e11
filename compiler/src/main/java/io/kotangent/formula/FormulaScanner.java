package io.kotangent.formula;

import java.util.Locale;

/// A place in the text of a formula, and what may be read there. Blanks are skipped.
final class FormulaScanner {
  private static final String SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
  private static final int LONGEST_NAME = 40;

  private final String text;
  private int at;

  FormulaScanner(String text) {
    this.text = text;
  }

  int place() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  FormulaException error(String expected) {
    return error(place(), expected, got());
  }

  FormulaException error(int where, String expected, String got) {
    return new FormulaException(text, where, expected, got);
  }

  private String got() {
    if (at >= text.length()) {
      return "the end of the formula";
    }
    int c = text.codePointAt(at);
    return Character.isISOControl(c) || Character.isSurrogate((char) c)
        ? String.format(Locale.ROOT, "the character U+%04X", c)
        : "'" + Character.toString(c) + "'";
  }

  boolean isAtEnd() {
    return place() == text.length();
  }

  boolean isAt(String sign) {
    return text.startsWith(sign, place());
  }

  boolean take(String sign) {
    if (isAt(sign)) {
      at += sign.length();
      return true;
    }
    return false;
  }

  /// The first of the signs that stands here, or nothing.
  String takeAny(String... signs) {
    for (String sign : signs) {
      if (take(sign)) {
        return sign;
      }
    }
    return "";
  }

  void expect(String sign, String why) {
    if (!take(sign)) {
      throw error("'" + sign + "' " + why);
    }
  }

  boolean isNumber() {
    int start = place();
    return start < text.length() && (isDigit(text.charAt(start)) || text.charAt(start) == '.'
        || text.charAt(start) == '∞');
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  double number() {
    int start = place();
    if (take("∞")) {
      return Double.POSITIVE_INFINITY;
    }
    digits();
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      digits();
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int exponent = at++;
      if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
        at++;
      }
      int digits = at;
      digits();
      if (digits == at) {
        at = exponent; // 2e is 2 and a name
      }
    }
    String number = text.substring(start, at);
    if (number.equals(".") || number.startsWith(".e")) {
      at = start;
      throw error("a number");
    }
    return Double.parseDouble(number);
  }

  private void digits() {
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
  }

  boolean isName() {
    return place() < text.length() && isLetter(text.codePointAt(at));
  }

  private static boolean isLetter(int c) {
    return Character.isLetter(c) && SUBSCRIPTS.indexOf(c) < 0 && c != 'ᵀ' || c == '_';
  }

  /// Letters, digits and `_`; subscripts are digits.
  String name() {
    int start = place();
    StringBuilder name = new StringBuilder();
    while (at < text.length()) {
      int c = text.codePointAt(at);
      int below = SUBSCRIPTS.indexOf(c);
      if (!isLetter(c) && !(c >= '0' && c <= '9') && below < 0) {
        break;
      }
      if (below >= 0) {
        name.append(below);
      } else {
        name.appendCodePoint(c);
      }
      at += Character.charCount(c);
    }
    if (name.length() > LONGEST_NAME) {
      throw error(start, "a name of at most " + LONGEST_NAME + " characters",
          "one of " + name.length());
    }
    return name.toString();
  }

  /// Goes back.
  void goTo(int place) {
    at = place;
  }
}
