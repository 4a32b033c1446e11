package io.kotangent.formula;

/// A number of a formula: a fraction of small whole numbers if it is one, one over a root of one, else a decimal.
///
/// @param numerator never negative; the whole number if `denominator` is 1
/// @param root whether the denominator is the root of that number
record Numeral(boolean negative, String numerator, int denominator, boolean root) {
  private static final int LARGEST_DENOMINATOR = 64;
  private static final int LARGEST_ROOT = 4096;
  private static final int SHORT = 6;
  private static final double ROUNDED = 2e-7;

  static Numeral of(double value) {
    double magnitude = Math.abs(value);
    String decimal = decimal(magnitude);
    boolean isQuarter = magnitude == 0.5 || magnitude == 0.25 || magnitude == 0.75;
    if (decimal.length() > SHORT || isQuarter) {
      for (int denominator = 2; denominator <= LARGEST_DENOMINATOR; denominator++) {
        double numerator = Math.rint(magnitude * denominator);
        if (numerator > 0 && numerator < 100 && numerator / denominator == magnitude) {
          return new Numeral(value < 0, Long.toString((long) numerator), denominator, false);
        }
      }
      double square = 1 / (magnitude * magnitude);
      if (square <= LARGEST_ROOT
          && Math.abs(square - Math.rint(square)) <= ROUNDED * square && square > 1.5) {
        double whole = Math.rint(Math.sqrt(square));
        return whole * whole == Math.rint(square)
            ? new Numeral(value < 0, "1", (int) whole, false)
            : new Numeral(value < 0, "1", (int) Math.rint(square), true);
      }
    }
    return new Numeral(value < 0, decimal, 1, false);
  }

  private static String decimal(double magnitude) {
    if (magnitude == Math.rint(magnitude) && magnitude < 1e15) {
      return Long.toString((long) magnitude);
    }
    if (Double.isInfinite(magnitude)) {
      return "∞";
    }
    String text = Double.toString(magnitude);
    int exponent = text.indexOf('E');
    if (exponent < 0) {
      return text;
    }
    String digits = text.substring(0, exponent);
    return (digits.endsWith(".0") ? digits.substring(0, digits.length() - 2) : digits) + "e"
        + text.substring(exponent + 1);
  }

  boolean isOne() {
    return numerator.equals("1") && denominator == 1;
  }
}
