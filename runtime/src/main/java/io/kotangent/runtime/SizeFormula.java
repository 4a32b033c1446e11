package io.kotangent.runtime;

import io.kotangent.type.Dim;
import io.kotangent.type.SizeFunction;
import java.util.List;

/**
 * A {@link Dim} that is evaluated without allocating: symbols by their index in the signature. Evaluation throws an
 * {@link ArithmeticException} on overflow and on division by zero.
 */
final class SizeFormula {
  /** A symbol, or a function of formulas when {@code symbol} is negative. */
  private record Factor(int symbol, SizeFunction function, List<SizeFormula> operands) {
    long evaluate(long[] values) {
      return symbol >= 0 ? values[symbol]
          : function.apply(operands.get(0).evaluate(values), operands.get(1).evaluate(values));
    }

    boolean mentions(int other) {
      return symbol == other
          || symbol < 0 && (operands.get(0).mentions(other) || operands.get(1).mentions(other));
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
    if (atom instanceof Dim.Applied a) {
      return new Factor(-1, a.function(),
          List.of(new SizeFormula(a.left(), symbols), new SizeFormula(a.right(), symbols)));
    }
    String name = ((Dim.Symbol) atom).name();
    int index = symbols.indexOf(name);
    if (index < 0) {
      throw new FeedException(
          "the size '" + name + "' is no symbol of the program: expected one of " + symbols);
    }
    return new Factor(index, SizeFunction.FLOOR, List.of());
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
