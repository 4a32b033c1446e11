package io.kotangent.bytecode;

/// Functions of doubles that neither overflow nor cancel.
final class StableReals {
  private StableReals() {
  }

  static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  static double sigmoid(double x) {
    return x >= 0 ? 1 / (1 + StrictMath.exp(-x)) : StrictMath.exp(x) / (1 + StrictMath.exp(x));
  }

  static double log1mexp(double x) {
    return x > -0.69 ? StrictMath.log(-StrictMath.expm1(x)) : StrictMath.log1p(-StrictMath.exp(x));
  }

  static double logOfOnePlusTanh(double x) {
    double half = StrictMath.expm1(-2 * Math.abs(x)) / 2;
    return x < 0 ? 2 * x - StrictMath.log1p(half) : -StrictMath.log1p(half);
  }
}
