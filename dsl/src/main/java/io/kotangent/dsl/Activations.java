package io.kotangent.dsl;

import io.kotangent.ir.ScalarFn;

/// Activation functions that are no single function of the graph. They are written so that no derivative overflows where
/// the value does not.
final class Activations {
  private static final double ROOT_HALF = Math.sqrt(0.5);

  private Activations() {
  }

  static Value leakyRelu(Value x, double slope) {
    Trace t = x.trace();
    try (var _ = t.enter("leaky_relu")) {
      Value positive = t.withNumber(ScalarFn.GT, x, 0, false);
      return t.map(ScalarFn.SELECT, positive, x, t.withNumber(ScalarFn.MUL, x, slope, false));
    }
  }

  /// The exponential sees min(x, 0) only: e^x of a large x would be ∞, and 0·∞ in the gradient NaN.
  static Value elu(Value x, double alpha) {
    Trace t = x.trace();
    try (var _ = t.enter("elu")) {
      Value negative = t.map(ScalarFn.EXPM1, t.withNumber(ScalarFn.MIN, x, 0, false));
      Value positive = t.withNumber(ScalarFn.GT, x, 0, false);
      return t.map(ScalarFn.SELECT, positive, x,
          t.withNumber(ScalarFn.MUL, negative, alpha, false));
    }
  }

  static Value gelu(Value x) {
    Trace t = x.trace();
    try (var _ = t.enter("gelu")) {
      Value erf = t.map(ScalarFn.ERF, t.withNumber(ScalarFn.MUL, x, ROOT_HALF, false));
      Value half = t.withNumber(ScalarFn.MUL, x, 0.5, false);
      return t.map(ScalarFn.MUL, half, t.withNumber(ScalarFn.ADD, erf, 1, false));
    }
  }
}
