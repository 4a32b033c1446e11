package io.kotangent.runtime;

import io.kotangent.type.Dim;
import java.util.List;

/**
 * A {@link Dim} that is evaluated without allocating: symbols by their index in the signature. Evaluation throws an
 * {@link ArithmeticException} on overflow and on division by zero.
 */
final class SizeFormula {
  /** A symbol, or a quotient of formulas when {@code symbol} is negative. */
  private record Factor(int symbol, List<SizeFormula> quotient, boolean up) {
    long evaluate(long[] values) {
      if (symbol >= 0) {
        return values[symbol];
      }
      long numerator = quotient.get(0).evaluate(values);
      long denominator = quotient.get(1).evaluate(values);
      return up ? Math.negateExact(Math.floorDiv(Math.negateExact(numerator), denominator))
          : Math.floorDiv(numerator, denominator);
    }

    boolean mentions(int other) {
      return symbol == other
          || symbol < 0 && (quotient.get(0).mentions(other) || quotient.get(1).mentions(other));
    }
  }

  private final Dim dim;
  private final long constant;
  private final long[] coefficients;
  private final Factor[][] factors;

  SizeFormula(Dim dim, List<String> symbols) {
    this.dim = dim;
    this.constant = dim.constantTerm();
    List<Dim.Product> products = dim.products();
    this.coefficients = new long[products.size()];
    this.factors = new Factor[products.size()][];
    for (int i = 0; i < coefficients.length; i++) {
      coefficients[i] = products.get(i).coefficient();
      factors[i] =
          products.get(i).atoms().stream().map(a -> factor(a, symbols)).toArray(Factor[]::new);
    }
  }

  private static Factor factor(Dim.Atom atom, List<String> symbols) {
    if (atom instanceof Dim.Quotient q) {
      return new Factor(-1,
          List.of(new SizeFormula(q.numerator(), symbols),
              new SizeFormula(q.denominator(), symbols)),
          q.up());
    }
    String name = ((Dim.Symbol) atom).name();
    int index = symbols.indexOf(name);
    if (index < 0) {
      throw new FeedException(
          "the size '" + name + "' is no symbol of the program: expected one of " + symbols);
    }
    return new Factor(index, List.of(), false);
  }

  Dim dim() {
    return dim;
  }

  long evaluate(long[] values) {
    long sum = constant;
    for (int i = 0; i < coefficients.length; i++) {
      long product = coefficients[i];
      for (Factor factor : factors[i]) {
        product = Math.multiplyExact(product, factor.evaluate(values));
      }
      sum = Math.addExact(sum, product);
    }
    return sum;
  }

  boolean mentions(int symbol) {
    for (Factor[] product : factors) {
      for (Factor factor : product) {
        if (factor.mentions(symbol)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether this is {@code a·symbol + b}, {@code a} and {@code b} free of it. */
  boolean isLinearIn(int symbol) {
    for (Factor[] product : factors) {
      int degree = 0;
      for (Factor factor : product) {
        if (factor.mentions(symbol)) {
          degree += factor.symbol() == symbol ? 1 : 2;
        }
      }
      if (degree > 1) {
        return false;
      }
    }
    return true;
  }
}
