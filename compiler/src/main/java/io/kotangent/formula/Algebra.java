package io.kotangent.formula;

import io.kotangent.formula.FormulaTerm.Applied;
import io.kotangent.formula.FormulaTerm.Matrices;
import io.kotangent.formula.FormulaTerm.Name;
import io.kotangent.formula.FormulaTerm.Power;
import io.kotangent.formula.FormulaTerm.Product;
import io.kotangent.formula.FormulaTerm.Sum;
import io.kotangent.formula.FormulaTerm.Transposed;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes formula terms in normal form, by the rules of real numbers: like terms are collected, equal factors become
/// powers, a factor common to all terms is written once, numbers come first. Products are not multiplied out.
final class Algebra {
  /// The most parts of a formula.
  static final int LARGEST = 2_000;

  private Algebra() {
  }

  static int size(List<? extends FormulaTerm> parts) {
    long size = 1;
    for (FormulaTerm part : parts) {
      size += part.size();
    }
    if (size > LARGEST) {
      throw new KotangentException("the formula has more than " + LARGEST
          + " parts: name some of its intermediate values by making them results of the graph");
    }
    return (int) size;
  }

  static int rank(List<? extends FormulaTerm> parts) {
    return parts.stream().mapToInt(FormulaTerm::rank).max().orElse(0);
  }

  static FormulaTerm number(double value) {
    return new Product(value, List.of(), 0, 1);
  }

  static Optional<Double> number(FormulaTerm term) {
    return term instanceof Product p && p.factors().isEmpty() ? Optional.of(p.coefficient())
        : Optional.empty();
  }

  static boolean isNumber(FormulaTerm term, double value) {
    return number(term).filter(n -> n == value).isPresent();
  }

  static FormulaTerm applied(String name, FormulaTerm... arguments) {
    return applied(name, rank(List.of(arguments)), List.of(arguments));
  }

  static FormulaTerm applied(String name, int rank, List<FormulaTerm> arguments) {
    return new Applied(name, List.copyOf(arguments), rank, size(arguments));
  }

  // ---- products

  static FormulaTerm negate(FormulaTerm x) {
    return product(number(-1), x);
  }

  static FormulaTerm divide(FormulaTerm x, FormulaTerm y) {
    return product(x, power(y, -1));
  }

  static FormulaTerm power(FormulaTerm x, double exponent) {
    if (!(x instanceof Product p)) {
      return exponent == 0 ? number(1) : collapse(1, List.of(new Power(x, exponent)));
    }
    boolean splits =
        exponent == Math.rint(exponent) || p.coefficient() > 0 && p.factors().isEmpty();
    if (!splits) {
      return collapse(1, List.of(new Power(x, exponent)));
    }
    return collapse(Math.pow(p.coefficient(), exponent),
        p.factors().stream().map(f -> new Power(f.base(), f.exponent() * exponent)).toList());
  }

  static FormulaTerm product(FormulaTerm... parts) {
    double coefficient = 1;
    Map<FormulaTerm, Double> exponents = new LinkedHashMap<>();
    for (FormulaTerm part : parts) {
      Product p = asProduct(part);
      coefficient *= p.coefficient();
      p.factors().forEach(f -> exponents.merge(f.base(), f.exponent(), Double::sum));
    }
    if (coefficient == 0) {
      return number(0);
    }
    exponents.values().removeIf(exponent -> exponent == 0);
    Optional<FormulaTerm> known = Textbook.product(coefficient, exponents);
    if (known.isPresent()) {
      return known.get();
    }
    List<Power> factors = new ArrayList<>();
    exponents.forEach((base, exponent) -> factors.add(new Power(base, exponent)));
    factors.sort(Comparator.comparingInt(f -> isPolynomialOfInputs(f.base()) ? 0 : 1));
    if (coefficient == -1 && factors.size() == 1 && factors.getFirst().exponent() == 1
        && factors.getFirst().base() instanceof Sum sum) {
      return sum(sum.terms().stream().map(t -> scaled(t, -1)).toList());
    }
    return collapse(coefficient, factors);
  }

  static Product asProduct(FormulaTerm term) {
    return term instanceof Product p ? p
        : new Product(1, List.of(new Power(term, 1)), term.rank(), term.size());
  }

  /// The product; just its factor if it is one, to the power of one.
  static FormulaTerm collapse(double coefficient, List<Power> factors) {
    if (coefficient == 1 && factors.size() == 1 && factors.getFirst().exponent() == 1) {
      return factors.getFirst().base();
    }
    List<FormulaTerm> bases = factors.stream().map(Power::base).toList();
    return new Product(coefficient, List.copyOf(factors), rank(bases), size(bases));
  }

  private static Product scaled(Product p, double factor) {
    return new Product(p.coefficient() * factor, p.factors(), p.rank(), p.size());
  }

  /// Whether a factor is written before functions and named values.
  private static boolean isPolynomialOfInputs(FormulaTerm term) {
    return switch (term) {
      case Name name -> name.given();
      case Sum sum -> sum.terms().stream().allMatch(Algebra::isPolynomialOfInputs);
      case Product product ->
          product.factors().stream().allMatch(f -> isPolynomialOfInputs(f.base()));
      case Transposed transposed -> isPolynomialOfInputs(transposed.of());
      case Matrices matrices ->
          matrices.factors().stream().allMatch(Algebra::isPolynomialOfInputs);
      case FormulaTerm.Spread spread -> isPolynomialOfInputs(spread.of());
      case Applied _, FormulaTerm.Reduced _, FormulaTerm.Along _, FormulaTerm.Index _, FormulaTerm.Picked _, FormulaTerm.Sliced _, FormulaTerm.Related _, FormulaTerm.Bracket _, FormulaTerm.Fenced _, FormulaTerm.Choice _ ->
          false;
    };
  }

  // ---- sums

  static FormulaTerm sum(FormulaTerm x, FormulaTerm y) {
    return sum(List.of(x, y));
  }

  static FormulaTerm sum(List<? extends FormulaTerm> parts) {
    List<Product> terms = terms(parts);
    Optional<FormulaTerm> known = terms.size() < 2 ? Optional.empty() : Textbook.sum(terms);
    return known.orElseGet(() -> collected(terms));
  }

  /// Like terms as one, a common factor before the sum.
  static FormulaTerm collected(List<? extends FormulaTerm> parts) {
    List<Product> terms = terms(parts);
    if (terms.isEmpty()) {
      return number(0);
    }
    if (terms.size() == 1) {
      return collapse(terms.getFirst().coefficient(), terms.getFirst().factors());
    }
    Product common = common(terms);
    if (common.factors().isEmpty() && common.coefficient() == 1) {
      return new Sum(List.copyOf(terms), rank(terms), size(terms));
    }
    FormulaTerm inverse = power(common, -1);
    return product(common, sum(terms.stream().map(t -> product(t, inverse)).toList()));
  }

  private static FormulaTerm[] joined(double coefficient, List<Power> factors) {
    List<FormulaTerm> all = new ArrayList<>(List.of(number(coefficient)));
    factors.forEach(f -> all.add(f.exponent() == 1 ? f.base() : collapse(1, List.of(f))));
    return all.toArray(FormulaTerm[]::new);
  }

  /// The terms of a sum, like ones as one.
  static List<Product> terms(List<? extends FormulaTerm> parts) {
    Map<List<Power>, Double> coefficients = new LinkedHashMap<>();
    for (FormulaTerm part : parts) {
      List<Product> terms = part instanceof Sum sum ? sum.terms() : List.of(asProduct(part));
      terms.forEach(t -> coefficients.merge(t.factors(), t.coefficient(), Double::sum));
    }
    List<Product> terms = new ArrayList<>();
    coefficients.forEach((factors, coefficient) -> {
      if (coefficient != 0) {
        terms.add(asProduct(product(joined(coefficient, factors))));
      }
    });
    return terms;
  }

  /// What divides every term: powers of equal bases, and a number if all have it.
  private static Product common(List<Product> terms) {
    Map<FormulaTerm, Double> shared = new LinkedHashMap<>();
    terms.getFirst().factors().forEach(f -> shared.put(f.base(), f.exponent()));
    double coefficient = terms.getFirst().coefficient();
    for (Product term : terms.subList(1, terms.size())) {
      if (Math.abs(term.coefficient()) != Math.abs(coefficient)) {
        coefficient = 1;
      }
      Map<FormulaTerm, Double> own = new LinkedHashMap<>();
      term.factors().forEach(f -> own.put(f.base(), f.exponent()));
      shared.keySet().retainAll(own.keySet());
      shared.replaceAll((base, exponent) -> least(exponent, own.getOrDefault(base, exponent)));
      shared.values().removeIf(e -> e == 0);
    }
    List<Power> factors = new ArrayList<>();
    shared.forEach((base, exponent) -> factors.add(new Power(base, exponent)));
    return new Product(Math.abs(coefficient), factors, 0, 1);
  }

  /// The common power of two powers of one base: none when one is a divisor and the other a factor.
  private static double least(double a, double b) {
    return a > 0 && b > 0 ? Math.min(a, b) : a < 0 && b < 0 ? Math.max(a, b) : 0;
  }

  // ---- matrices

  /// A matrix product; numbers and scalars of its factors stand before it.
  static FormulaTerm matrices(FormulaTerm left, FormulaTerm right, int rank) {
    if (isNumber(left, 0) || isNumber(right, 0)) {
      return number(0);
    }
    List<FormulaTerm> chain = new ArrayList<>();
    List<FormulaTerm> before = new ArrayList<>();
    for (FormulaTerm side : List.of(left, right)) {
      FormulaTerm plain = side;
      if (side instanceof Product p) {
        List<Power> lanes = p.factors().stream().filter(f -> f.base().rank() > 0).toList();
        before.add(collapse(p.coefficient(),
            p.factors().stream().filter(f -> f.base().rank() == 0).toList()));
        plain = collapse(1, lanes);
      }
      if (plain instanceof Matrices m && m.rank() > 0) {
        chain.addAll(m.factors());
      } else {
        chain.add(plain);
      }
    }
    before.add(new Matrices(List.copyOf(chain), rank, size(chain)));
    return product(before.toArray(FormulaTerm[]::new));
  }

  static FormulaTerm transposed(FormulaTerm x) {
    return switch (x) {
      case Transposed t -> t.of();
      case Matrices m when m.factors().stream().allMatch(f -> f.rank() == m.rank()) -> {
        List<FormulaTerm> turned = m.factors().stream().map(Algebra::transposed).toList();
        yield new Matrices(turned.reversed(), m.rank(), size(turned));
      }
      case Product p when p.coefficient() != 1 && !p.factors().isEmpty() ->
          product(number(p.coefficient()), transposed(collapse(1, p.factors())));
      case FormulaTerm term -> new Transposed(term, term.rank(), size(List.of(term)));
    };
  }
}
