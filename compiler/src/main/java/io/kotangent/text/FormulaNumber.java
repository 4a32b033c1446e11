package io.kotangent.text;

/// A number of a formula: a fraction of small whole numbers if it is one, else a decimal.
///
/// @param numerator never negative; the whole number if `denominator` is 1
record FormulaNumber(boolean negative, String numerator, int denominator) {
  private static final int LARGEST_DENOMINATOR = 64;
  private static final int SHORT = 6;

  static FormulaNumber of(double value) {
    double magnitude = Math.abs(value);
    String decimal = decimal(magnitude);
    boolean isQuarter = magnitude == 0.5 || magnitude == 0.25 || magnitude == 0.75;
    if (decimal.length() > SHORT || isQuarter) {
      for (int denominator = 2; denominator <= LARGEST_DENOMINATOR; denominator++) {
        double numerator = Math.rint(magnitude * denominator);
        if (numerator > 0 && numerator < 100 && numerator / denominator == magnitude) {
          return new FormulaNumber(value < 0, Long.toString((long) numerator), denominator);
        }
      }
    }
    return new FormulaNumber(value < 0, decimal, 1);
  }

  private static String decimal(double magnitude) {
    if (magnitude == Math.rint(magnitude) && magnitude < 1e15) {
      return Long.toString((long) magnitude);
    }
    if (Double.isInfinite(magnitude)) {
      return "∞";
    }
    String text = Double.toString(magnitude);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  boolean isOne() {
    return numerator.equals("1") && denominator == 1;
  }
}
