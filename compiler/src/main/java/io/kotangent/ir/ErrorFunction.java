package io.kotangent.ir;

/// The error function to f64 accuracy, for [ScalarFn#ofReals]: the Maclaurin series for small arguments, the
/// continued fraction of the complement for large ones.
final class ErrorFunction {
  private static final double TWO_OVER_ROOT_PI = 1.1283791670955126;

  private ErrorFunction() {
  }

  static double erf(double x) {
    double a = Math.abs(x);
    if (Double.isNaN(x) || a > 6) {
      return Double.isNaN(x) ? x : Math.signum(x);
    }
    return a < 1 ? series(x) : Math.signum(x) * (1 - complement(a));
  }

  /// erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1·3·5 … (2n+1)): all terms of one sign.
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; n < 200 && Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return TWO_OVER_ROOT_PI * gauss(x) * sum;
  }

  private static double complement(double x) {
    double f = 0;
    for (int k = 400; k > 0; k--) {
      f = k / 2.0 / (x + f);
    }
    return gauss(x) / ((x + f) * StrictMath.sqrt(Math.PI));
  }

  /// e^(−x²), with what rounding takes from the square put back.
  private static double gauss(double x) {
    double square = x * x;
    return StrictMath.exp(-square) * (1 - Math.fma(x, x, -square));
  }
}
