package io.kotangent.data;

import java.math.BigDecimal;
import java.util.Optional;

/** Decimal numbers in ASCII digits, as data files write them: a sign, digits with a point, an exponent. */
final class Decimal {
  private static final int LONGEST = 400;

  private Decimal() {
  }

  static boolean isNumber(String text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      return false;
    }
    int at = isSign(text.charAt(0)) ? 1 : 0;
    int whole = digits(text, at);
    at += whole;
    int fraction = 0;
    if (at < text.length() && text.charAt(at) == '.') {
      fraction = digits(text, ++at);
      at += fraction;
    }
    if (whole + fraction == 0) {
      return false;
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      at++;
      if (at < text.length() && isSign(text.charAt(at))) {
        at++;
      }
      int exponent = digits(text, at);
      at += exponent;
      if (exponent == 0) {
        return false;
      }
    }
    return at == text.length();
  }

  /** The number that a text is, in its shortest form, so that equal numbers are equal; empty if it is none. */
  static Optional<BigDecimal> exact(String text) {
    if (!isNumber(text)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new BigDecimal(text).stripTrailingZeros());
    } catch (ArithmeticException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Whether all digits of a number before its exponent are zeros. */
  static boolean isZero(String number) {
    for (int i = 0; i < number.length(); i++) {
      char c = number.charAt(i);
      if (c == 'e' || c == 'E') {
        return true;
      }
      if (c >= '1' && c <= '9') {
        return false;
      }
    }
    return true;
  }

  private static boolean isSign(char c) {
    return c == '+' || c == '-';
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at - from;
  }
}
