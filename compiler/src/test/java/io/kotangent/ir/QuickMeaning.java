package io.kotangent.ir;

/// What [ScalarFn#ofReals] says, sooner: the JDK's fast functions in place of `StrictMath`, so that all 2³² inputs of a function can be
/// looked at. They are within 1 ulp of f64 each, so a result here is within [#DOUBT] ulp of f32 of what is meant; who finds
/// an error near the worst so far asks [ScalarFn#ofReals] itself.
public final class QuickMeaning {
  /// How far an error measured against a result here may be from the true one, in ulp of f32: some hundred ulp of f64.
  public static final double DOUBT = 1e-6;

  private QuickMeaning() {
  }

  /// The value in f64, of an f32.
  public static double of(ScalarFn fn, double a) {
    return switch (fn) {
      case CBRT -> Math.cbrt(a);
      case EXP -> Math.exp(a);
      case EXPM1 -> expm1(a);
      case LOG -> Math.log(a);
      case LOG1P -> log1p(a);
      case LOG1MEXP ->
          a > -0.6931471805599453 ? Math.log(-expm1(a)) : log1p(-Math.exp(a));
      case SIGMOID -> a >= 0 ? 1 / (1 + Math.exp(-a)) : Math.exp(a) / (1 + Math.exp(a));
      case LOG_SIGMOID -> -(Math.max(-a, 0) + log1p(Math.exp(-Math.abs(a))));
      case SOFTPLUS -> Math.max(a, 0) + log1p(Math.exp(-Math.abs(a)));
      case TANH -> Math.tanh(a);
      case SIN -> Math.sin(a);
      case COS -> Math.cos(a);
      case TAN -> Math.tan(a);
      case ATAN -> atan(a);
      case ERF -> erf(a);
      default -> fn.ofReals(a, 0, 0);
    };
  }

  /// Near 0 five terms of the series: the sixth is below 2⁻⁶⁰ of the first.
  private static double expm1(double x) {
    return Math.abs(x) > 0.25 ? Math.exp(x) - 1
        : Math.abs(x) < 0x1p-12
            ? x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5))))
            : StrictMath.expm1(x);
  }

  private static double log1p(double x) {
    return Math.abs(x) < 0x1p-12
        ? x * (1 - x * (1 / 2.0 - x * (1 / 3.0 - x * (1 / 4.0 - x * (1 / 5.0)))))
        : x > 0.5 || x < -0.4 ? Math.log(1 + x) : StrictMath.log1p(x);
  }

  private static double atan(double x) {
    return Math.abs(x) < 0x1p-9
        ? x * (1 - x * x * (1 / 3.0 - x * x * (1 / 5.0 - x * x * (1 / 7.0))))
        : StrictMath.atan(x);
  }

  /// For small x, 2/√π · (x − x³/3 + x⁵/10 − x⁷/42 + …).
  private static double erf(double x) {
    double u = x * x;
    return Math.abs(x) < 0x1p-4
        ? 1.1283791670955126 * x
            * (1 - u * (1 / 3.0 - u * (1 / 10.0 - u * (1 / 42.0
                - u * (1 / 216.0 - u * (1 / 1320.0))))))
        : ScalarFn.ERF.ofReals(x, 0, 0);
  }
}
