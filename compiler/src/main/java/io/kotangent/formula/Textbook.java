package io.kotangent.formula;

import io.kotangent.formula.FormulaTerm.Along;
import io.kotangent.formula.FormulaTerm.Applied;
import io.kotangent.formula.FormulaTerm.Bracket;
import io.kotangent.formula.FormulaTerm.Index;
import io.kotangent.formula.FormulaTerm.Product;
import io.kotangent.formula.FormulaTerm.Reduced;
import io.kotangent.formula.FormulaTerm.Related;
import io.kotangent.formula.FormulaTerm.Spread;
import io.kotangent.formula.FormulaTerm.Sum;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What people have a name for: mean, variance, softmax, logSumExp, one-hot. Each rule takes the place of terms that are equal by the
/// rules of real numbers, wherever these come from: so gradients get them, too.
final class Textbook {
  private static final double ROUNDED = 1e-6;
  /// Longer sums are not tried in other forms.
  private static final int SHORT = 60;

  private Textbook() {
  }

  // ---- products

  /// The product of a coefficient and powers, if a rule makes it simpler.
  static Optional<FormulaTerm> product(double coefficient, Map<FormulaTerm, Double> exponents) {
    for (Map.Entry<FormulaTerm, Double> factor : exponents.entrySet()) {
      Optional<FormulaTerm> found = switch (factor.getKey()) {
        case Applied e when e.name().equals("exp") && factor.getValue() > 0 ->
            softmax(coefficient, exponents, e);
        case Along a when a.name().equals("softmax") && factor.getValue() > 0 ->
            divided(coefficient, exponents, a);
        case Spread(Reduced r, _, _, _) -> mean(coefficient, exponents, factor.getKey(), r);
        case Reduced r -> mean(coefficient, exponents, r, r);
        case Bracket(Related(var sign, var v, var zero, _, _), _, _) when sign.equals("≠")
            && Algebra.isNumber(zero, 0) && exponents.containsKey(v) ->
            Optional.of(with(coefficient, exponents, Map.of(factor.getKey(), 0.0)));
        case Sum s when factor.getValue() == 1 -> multipliedOut(coefficient, exponents, s);
        default -> Optional.empty();
      };
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /// The product with other exponents for some bases.
  private static FormulaTerm with(double coefficient, Map<FormulaTerm, Double> exponents,
      Map<FormulaTerm, Double> changed) {
    Map<FormulaTerm, Double> all = new LinkedHashMap<>();
    exponents.forEach((base, e) -> all.put(base, changed.getOrDefault(base, e)));
    changed.forEach((base, e) -> all.putIfAbsent(base, e));
    List<FormulaTerm> parts = new ArrayList<>(List.of(Algebra.number(coefficient)));
    all.forEach((base, e) -> {
      if (e != 0) {
        parts.add(Algebra.power(base, e));
      }
    });
    return Algebra.product(parts.toArray(FormulaTerm[]::new));
  }

  /// eˣ/Σ eˣ.
  private static Optional<FormulaTerm> softmax(double coefficient,
      Map<FormulaTerm, Double> exponents, Applied e) {
    for (Map.Entry<FormulaTerm, Double> below : exponents.entrySet()) {
      Optional<Reduced> sum = below.getValue() < 0 ? Reductions.own(below.getKey(), "Σ")
          : Optional.empty();
      if (sum.isPresent() && sum.get().of().equals(e)) {
        double above = java.util.Objects.requireNonNull(exponents.get(e));
        double times = Math.min(above, -below.getValue());
        FormulaTerm softmax = along("softmax",
            unshifted(e.arguments().getFirst(), sum.get().axes()), sum.get());
        return Optional.of(with(coefficient, exponents, Map.of(e, above - times, below.getKey(),
            below.getValue() + times, softmax,
            exponents.getOrDefault(softmax, 0.0) + times)));
      }
    }
    return Optional.empty();
  }

  private static FormulaTerm along(String name, FormulaTerm x, Reduced like) {
    return new Along(name, x, like.axes(), like.count(), like.rank() + like.axes().size(),
        Algebra.size(List.of(x)));
  }

  private static FormulaTerm along(String name, Along like) {
    return new Along(name, like.of(), like.axes(), like.count(), like.rank(), like.size());
  }

  /// softmax(z)/eˣ is 1/Σ eˣ again, where x is z or z − max(z).
  private static Optional<FormulaTerm> divided(double coefficient,
      Map<FormulaTerm, Double> exponents, Along softmax) {
    for (Map.Entry<FormulaTerm, Double> below : exponents.entrySet()) {
      if (below.getValue() < 0 && below.getKey() instanceof Applied e && e.name().equals("exp")
          && unshifted(e.arguments().getFirst(), softmax.axes()).equals(softmax.of())) {
        double above = java.util.Objects.requireNonNull(exponents.get(softmax));
        double times = Math.min(above, -below.getValue());
        FormulaTerm sum = Reductions.repeated((Reduced) Reductions.reduced("Σ", e, softmax.axes(),
            softmax.count(), softmax.rank()));
        return Optional.of(with(coefficient, exponents, Map.of(softmax, above - times, e,
            below.getValue() + times, sum, exponents.getOrDefault(sum, 0.0) - times)));
      }
    }
    return Optional.empty();
  }

  /// z, of z − max(z).
  private static FormulaTerm unshifted(FormulaTerm shifted, List<Integer> axes) {
    return greatest(shifted, axes).map(max -> Algebra.sum(shifted, max)).orElse(shifted);
  }

  private static Optional<FormulaTerm> greatest(FormulaTerm shifted, List<Integer> axes) {
    if (shifted instanceof Sum sum) {
      for (Product term : sum.terms()) {
        FormulaTerm max = Algebra.negate(term);
        Optional<Reduced> own = Reductions.own(max, "max").filter(m -> m.axes().equals(axes));
        if (own.isPresent() && own.get().of().equals(Algebra.sum(shifted, max))) {
          return Optional.of(max);
        }
      }
    }
    return Optional.empty();
  }

  /// Σ x / n is a mean, n · mean is Σ x.
  private static Optional<FormulaTerm> mean(double coefficient, Map<FormulaTerm, Double> exponents,
      FormulaTerm base, Reduced r) {
    double exponent = java.util.Objects.requireNonNull(exponents.get(base));
    boolean sum = r.name().equals("Σ");
    if (!sum && !r.name().equals("mean") || Math.abs(exponent) != 1
        || Algebra.isNumber(r.count(), 1) || Algebra.isNumber(r.count(), 0)) {
      return Optional.empty();
    }
    Product count = Algebra.asProduct(r.count());
    double way = sum ? -exponent : exponent;
    boolean named = !count.factors().isEmpty();
    boolean there = count.factors().stream()
        .allMatch(f -> exponents.getOrDefault(f.base(), 0.0) * way >= f.exponent());
    double rest = coefficient / Math.pow(count.coefficient(), way);
    if (!there || !named && Math.abs(Math.abs(rest) - 1) > ROUNDED) {
      return Optional.empty();
    }
    Map<FormulaTerm, Double> changed = new LinkedHashMap<>();
    count.factors().forEach(f -> changed.put(f.base(),
        exponents.getOrDefault(f.base(), 0.0) - way * f.exponent()));
    FormulaTerm other = sum ? mean(r) : Reductions.reduced("Σ", r.of(), r.axes(), r.count(),
        r.rank() + r.axes().size());
    FormulaTerm repeated = base instanceof Spread s
        ? Reductions.spread(other, s.axes(), s.rank()) : other;
    changed.put(base, 0.0);
    FormulaTerm left = with(named ? rest : Math.signum(rest), exponents, changed);
    return Optional.of(Algebra.product(left, Algebra.power(repeated, exponent)));
  }

  /// The mean of squared distances from a mean is a variance.
  private static FormulaTerm mean(Reduced sum) {
    int rank = sum.rank() + sum.axes().size();
    Product of = Algebra.asProduct(sum.of());
    if (of.factors().size() == 1 && of.factors().getFirst().exponent() == 2
        && of.factors().getFirst().base() instanceof Sum distance) {
      for (Product term : distance.terms()) {
        FormulaTerm mean = Algebra.negate(term);
        FormulaTerm x = Algebra.sum(distance, mean);
        if (Reductions.own(mean, "mean").filter(m -> m.axes().equals(sum.axes())
            && m.of().equals(x)).isPresent()) {
          return Reductions.reduced("var", x, sum.axes(), sum.count(), rank);
        }
      }
    }
    return Reductions.reduced("mean", sum.of(), sum.axes(), sum.count(), rank);
  }

  /// A sum times what divides one of its terms.
  private static Optional<FormulaTerm> multipliedOut(double coefficient,
      Map<FormulaTerm, Double> exponents, Sum sum) {
    for (Map.Entry<FormulaTerm, Double> factor : exponents.entrySet()) {
      FormulaTerm base = factor.getKey();
      boolean divides = factor.getValue() > 0 && sum.terms().stream().anyMatch(
          t -> t.factors().stream().anyMatch(f -> f.base().equals(base) && f.exponent() < 0));
      if (divides) {
        FormulaTerm inside = Algebra.sum(
            sum.terms().stream().map(t -> Algebra.product(t, base)).toList());
        return Optional.of(Algebra.product(with(coefficient, exponents,
            Map.of(sum, 0.0, base, factor.getValue() - 1)), inside));
      }
    }
    return Optional.empty();
  }

  // ---- sums

  /// The sum of terms, if a rule makes it simpler.
  static Optional<FormulaTerm> sum(List<Product> terms) {
    Optional<FormulaTerm> known = logSoftmax(terms);
    return known.isPresent() ? known : multipliedOut(terms);
  }

  /// With products multiplied out, if terms meet then and it is shorter.
  private static Optional<FormulaTerm> multipliedOut(List<Product> terms) {
    int size = Algebra.size(terms);
    if (size > SHORT || terms.stream().noneMatch(t -> factorOf(t).isPresent())) {
      return Optional.empty();
    }
    List<FormulaTerm> all = new ArrayList<>();
    for (Product term : terms) {
      Optional<Sum> factor = factorOf(term);
      if (factor.isEmpty()) {
        all.add(term);
        continue;
      }
      FormulaTerm rest = Algebra.product(term, Algebra.power(factor.get(), -1));
      factor.get().terms().forEach(t -> all.add(Algebra.product(t, rest)));
    }
    FormulaTerm open = Algebra.collected(all);
    boolean met = Algebra.terms(all).size() < all.size();
    return met && open.size() < size ? Optional.of(open) : Optional.empty();
  }

  private static Optional<Sum> factorOf(Product term) {
    return term.factors().stream()
        .filter(f -> f.exponent() == 1 && f.base() instanceof Sum)
        .map(f -> (Sum) f.base()).findFirst();
  }

  /// z − logSumExp(z).
  private static Optional<FormulaTerm> logSoftmax(List<Product> terms) {
    for (Product term : terms) {
      if (term.factors().size() == 1 && term.factors().getFirst().exponent() == 1) {
        Optional<Reduced> own =
            Reductions.own(term.factors().getFirst().base(), "logSumExp");
        if (own.isPresent()) {
          double scale = -term.coefficient();
          FormulaTerm whole = Algebra.product(Algebra.number(scale), own.get().of());
          List<Product> rest = new ArrayList<>(terms);
          rest.remove(term);
          if (Algebra.sum(rest).equals(whole)) {
            return Optional.of(Algebra.product(Algebra.number(scale),
                along("log softmax", own.get().of(), own.get())));
          }
        }
      }
    }
    return Optional.empty();
  }

  // ---- functions

  /// log Σ eˣ, log softmax(x).
  static FormulaTerm log(FormulaTerm x) {
    if (x instanceof Reduced r && r.name().equals("Σ") && r.of() instanceof Applied e
        && e.name().equals("exp")) {
      FormulaTerm shifted = e.arguments().getFirst();
      FormulaTerm all = Reductions.reduced("logSumExp", unshifted(shifted, r.axes()), r.axes(),
          r.count(), r.rank() + r.axes().size());
      return greatest(shifted, r.axes())
          .map(max -> Algebra.sum(all, Algebra.negate(reducedAgain(max, r)))).orElse(all);
    }
    return x instanceof Along a && a.name().equals("softmax")
        ? along("log softmax", a) : Algebra.applied("log", x);
  }

  private static FormulaTerm reducedAgain(FormulaTerm max, Reduced like) {
    return Reductions.without(max, like.axes(), like.rank() + like.axes().size());
  }

  /// σ(−x) is 1 − σ(x).
  static FormulaTerm sigmoid(String name, FormulaTerm x) {
    boolean negative = x instanceof Product p && p.coefficient() < 0
        || x instanceof Sum s && s.terms().stream().allMatch(t -> t.coefficient() < 0);
    return negative
        ? Algebra.sum(Algebra.number(1),
            Algebra.negate(Algebra.applied(name, Algebra.negate(x))))
        : Algebra.applied(name, x);
  }

  /// e to log softmax(x).
  static FormulaTerm exp(FormulaTerm x) {
    return x instanceof Along a && a.name().equals("log softmax")
        ? along("softmax", a) : Algebra.applied("exp", x);
  }

  /// 1 at a position and 0 elsewhere, of one row or of each.
  static Optional<FormulaTerm> oneHot(FormulaTerm condition) {
    if (condition instanceof Related(var sign, var left, var right, var rank, _)
        && sign.equals("=")) {
      FormulaTerm index = left instanceof Index ? left : right;
      FormulaTerm at = left instanceof Index ? right : left;
      boolean last = index instanceof Index(var axis, _) && axis == rank - 1;
      boolean rows = at.rank() == 0 && rank == 1
          || at instanceof Spread(_, var axes, _, _) && axes.size() == rank - 1
              && !axes.contains(rank - 1);
      if (last && rows) {
        return Optional.of(oneHot(at instanceof Spread s ? s.of() : at, rank));
      }
    }
    return Optional.empty();
  }

  static FormulaTerm oneHot(FormulaTerm at, int rank) {
    return Algebra.applied("onehot", rank, List.of(at));
  }
}
