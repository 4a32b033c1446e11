package io.kotangent.ir;

import java.math.BigDecimal;
import java.math.MathContext;

/// Functions to 60 digits, by series in decimal arithmetic: what f64 formulas and [ScalarFn#ofReals] are measured against.
final class Precise {
  static final MathContext DIGITS = new MathContext(90);
  private static final BigDecimal ONE = BigDecimal.ONE;
  private static final BigDecimal TWO = BigDecimal.TWO;

  private Precise() {
  }

  /// The value of a function, for arguments of ordinary size.
  static BigDecimal of(ScalarFn fn, double argument) {
    BigDecimal x = new BigDecimal(argument);
    return switch (fn) {
      case EXP -> exp(x);
      case EXPM1 -> exp(x).subtract(ONE);
      case LOG -> log(x);
      case LOG1P -> log(ONE.add(x));
      case LOG1MEXP -> log(ONE.subtract(exp(x)));
      case SIGMOID -> divide(ONE, ONE.add(exp(x.negate())));
      case SOFTPLUS -> log(ONE.add(exp(x)));
      case LOG_SIGMOID -> log(ONE.add(exp(x.negate()))).negate();
      case TANH -> divide(exp(x).subtract(exp(x.negate())), exp(x).add(exp(x.negate())));
      case ERF -> erf(x);
      default -> throw new AssertionError("no series for " + fn);
    };
  }

  private static BigDecimal divide(BigDecimal a, BigDecimal b) {
    return a.divide(b, DIGITS);
  }

  /// The Maclaurin series of x / 2ᵏ, squared k times.
  static BigDecimal exp(BigDecimal x) {
    int halvings = Math.max(0, 20 + Math.getExponent(x.doubleValue()));
    BigDecimal r = divide(x, TWO.pow(halvings));
    BigDecimal term = ONE;
    BigDecimal sum = ONE;
    for (int n = 1; n < 40; n++) {
      term = divide(term.multiply(r, DIGITS), BigDecimal.valueOf(n));
      sum = sum.add(term, DIGITS);
    }
    for (int i = 0; i < halvings; i++) {
      sum = sum.multiply(sum, DIGITS);
    }
    return sum;
  }

  /// Newton's method for eʸ = x, from what f64 gives.
  static BigDecimal log(BigDecimal x) {
    BigDecimal y = new BigDecimal(StrictMath.log(x.doubleValue()));
    for (int i = 0; i < 4; i++) {
      BigDecimal e = exp(y);
      y = y.add(divide(TWO.multiply(x.subtract(e)), x.add(e)), DIGITS);
    }
    return y;
  }

  /// 2/√π · Σ (−1)ⁿ x^(2n+1) / (n! (2n+1)).
  private static BigDecimal erf(BigDecimal x) {
    BigDecimal square = x.multiply(x, DIGITS);
    BigDecimal power = x;
    BigDecimal sum = x;
    for (int n = 1; n < 250; n++) {
      power = divide(power.multiply(square, DIGITS), BigDecimal.valueOf(-n));
      sum = sum.add(divide(power, BigDecimal.valueOf(2L * n + 1)), DIGITS);
    }
    return divide(TWO.multiply(sum), pi().sqrt(DIGITS));
  }

  /// Machin's formula.
  private static BigDecimal pi() {
    return arccot(5).multiply(BigDecimal.valueOf(16))
        .subtract(arccot(239).multiply(BigDecimal.valueOf(4)), DIGITS);
  }

  private static BigDecimal arccot(int x) {
    BigDecimal power = divide(ONE, BigDecimal.valueOf(x));
    BigDecimal sum = power;
    for (int n = 1; n < 80; n++) {
      power = divide(power, BigDecimal.valueOf(-(long) x * x));
      sum = sum.add(divide(power, BigDecimal.valueOf(2L * n + 1)), DIGITS);
    }
    return sum;
  }
}
