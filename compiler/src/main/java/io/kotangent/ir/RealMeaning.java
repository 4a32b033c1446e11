package io.kotangent.ir;

/// What some [ScalarFn]s mean on reals, where that is more than a method of `StrictMath`: as good as f64 gives.
final class RealMeaning {
  private static final double LN2 = 0.6931471805599453;

  private RealMeaning() {
  }

  static double log1mexp(double x) {
    return x > -LN2 ? StrictMath.log(-StrictMath.expm1(x)) : StrictMath.log1p(-StrictMath.exp(x));
  }

  static double sigmoid(double x) {
    return x >= 0 ? 1 / (1 + StrictMath.exp(-x)) : StrictMath.exp(x) / (1 + StrictMath.exp(x));
  }

  static double logSigmoid(double x) {
    return -softplus(-x);
  }

  static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  /// As IEEE 754 has it, which differs from Java where the base is 1, or −1 with a power that is infinite, and so even.
  static double pow(double a, double b) {
    return a == 1 || a == -1 && Double.isInfinite(b) ? 1 : StrictMath.pow(a, b);
  }

  static double zeroSub(double a, double b) {
    return a == b ? 0 : a - b;
  }

  static double zeroMul(double a, double b) {
    return a == 0 || b == 0 ? orZero(a * b) : a * b;
  }

  static double zeroDiv(double a, double b) {
    return a == 0 ? orZero(a / b) : a / b;
  }

  private static double orZero(double y) {
    return Double.isNaN(y) ? 0 : y;
  }
}
