package io.kotangent.formula;

import io.kotangent.formula.FormulaTerm.Along;
import io.kotangent.formula.FormulaTerm.Applied;
import io.kotangent.formula.FormulaTerm.Bracket;
import io.kotangent.formula.FormulaTerm.Choice;
import io.kotangent.formula.FormulaTerm.Fenced;
import io.kotangent.formula.FormulaTerm.Index;
import io.kotangent.formula.FormulaTerm.Matrices;
import io.kotangent.formula.FormulaTerm.Name;
import io.kotangent.formula.FormulaTerm.Picked;
import io.kotangent.formula.FormulaTerm.Power;
import io.kotangent.formula.FormulaTerm.Product;
import io.kotangent.formula.FormulaTerm.Reduced;
import io.kotangent.formula.FormulaTerm.Related;
import io.kotangent.formula.FormulaTerm.Sliced;
import io.kotangent.formula.FormulaTerm.Spread;
import io.kotangent.formula.FormulaTerm.Sum;
import io.kotangent.formula.FormulaTerm.Transposed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Prints formula terms. What every notation shares is here; a subclass is a notation.
abstract sealed class Printer permits Unicode, Latex {
  /// How tightly a text binds: what stands inside something tighter gets parentheses.
  enum Level {
    RELATION, SUM, PRODUCT, POWER, ATOM
  }

  record Text(String text, Level level) {
  }

  final String print(FormulaTerm term) {
    return text(term).text();
  }

  final String print(FormulaTerm term, Level least) {
    Text text = text(term);
    return text.level().compareTo(least) >= 0 ? text.text() : parenthesized(text.text());
  }

  private Text text(FormulaTerm term) {
    return switch (term) {
      case Name name -> new Text(name(name.name()), Level.ATOM);
      case Sum sum -> new Text(sum(sum), Level.SUM);
      case Product product -> product(product);
      case Matrices matrices -> new Text(matrices(matrices), Level.PRODUCT);
      case Transposed transposed ->
          new Text(transposed(print(transposed.of(), Level.ATOM)), Level.POWER);
      case Applied applied -> applied(applied);
      case Related related ->
          new Text(print(related.left(), Level.SUM) + " " + relation(related.sign()) + " "
              + print(related.right(), Level.SUM), Level.RELATION);
      case Bracket bracket -> new Text(bracket(print(bracket.condition())), Level.ATOM);
      case Fenced fenced -> new Text(fenced(fenced), Level.ATOM);
      case Spread spread -> text(spread.of());
      case Reduced reduced -> squared(reduced).map(of -> new Text(raised(of, 2), Level.POWER))
          .orElseGet(() -> new Text(reduced(reduced), Level.ATOM));
      case Along along -> new Text(along(along), Level.ATOM);
      case Index index -> new Text(letter(index.axis()), Level.ATOM);
      case Sliced sliced -> new Text(sliced(print(sliced.of(), Level.ATOM), sliced.axes()),
          Level.ATOM);
      case Picked picked -> new Text(picked(print(picked.of(), Level.ATOM), print(picked.at())),
          Level.ATOM);
      case Choice choice -> new Text(choice(choice), Level.ATOM);
    };
  }

  private String sum(Sum sum) {
    StringBuilder text = new StringBuilder();
    List<Product> terms = new ArrayList<>(sum.terms());
    terms.stream().filter(t -> t.coefficient() > 0).findFirst().ifPresent(first -> {
      terms.remove(first);
      terms.addFirst(first);
    });
    for (Product term : terms) {
      boolean negative = term.coefficient() < 0;
      Product magnitude =
          new Product(Math.abs(term.coefficient()), term.factors(), term.rank(), term.size());
      if (text.isEmpty()) {
        text.append(negative ? minus() : "");
      } else {
        text.append(negative ? " " + minus() + " " : " + ");
      }
      text.append(print(magnitude, Level.PRODUCT));
    }
    return text.toString();
  }

  private String matrices(Matrices matrices) {
    List<String> factors = matrices.factors().stream().map(f -> print(f, Level.POWER)).toList();
    return String.join(matrixTimes(), factors);
  }

  private Text product(Product product) {
    Numeral number = Numeral.of(product.coefficient());
    List<Power> above = product.factors().stream().filter(f -> f.exponent() > 0).toList();
    List<Power> below = product.factors().stream().filter(f -> f.exponent() < 0)
        .map(f -> new Power(f.base(), -f.exponent())).toList();
    String sign = number.negative() ? minus() : "";
    if (below.isEmpty() && above.size() == 1 && number.isOne() && !number.negative()) {
      return new Text(power(above.getFirst(), Level.PRODUCT), Level.POWER);
    }
    if (above.isEmpty() && below.isEmpty()) {
      return new Text(sign + number(number), number.negative() ? Level.SUM : Level.ATOM);
    }
    return new Text(sign + quotient(number, above, below),
        number.negative() ? Level.SUM : Level.PRODUCT);
  }

  /// The factors, in order, with what stands between them. A chain of matrices gets parentheses unless it is last and
  /// nothing but scalars stands before it.
  final String times(List<Power> factors) {
    StringBuilder text = new StringBuilder();
    List<Power> before = new ArrayList<>();
    for (Power factor : factors) {
      boolean last = before.size() == factors.size() - 1;
      boolean scalars = before.stream().allMatch(f -> f.base().rank() == 0);
      String next = power(factor, last && scalars ? Level.PRODUCT : Level.POWER);
      if (!before.isEmpty()) {
        boolean lanes = before.getLast().base().rank() > 0 && factor.base().rank() > 0;
        text.append(between(text.toString(), next, lanes));
      }
      text.append(next);
      before.add(factor);
    }
    return text.toString();
  }

  /// A power; the least level is that of an exponent of one whose base is a chain of matrices.
  private String power(Power power, Level least) {
    if (power.exponent() == 1) {
      return print(power.base(), power.base() instanceof Matrices ? least : Level.POWER);
    }
    if (power.exponent() == 0.5) {
      Optional<Fenced> norm = plain(power.base()) instanceof Reduced r ? squared(r)
          : Optional.empty();
      return norm.map(this::fenced).orElseGet(() -> plain(power.base()) instanceof Reduced r
          && r.name().equals("var") ? reduced(named(r, "std")) : root(power.base()));
    }
    return raised(power.base(), power.exponent());
  }

  private static FormulaTerm plain(FormulaTerm term) {
    return term instanceof Spread spread ? spread.of() : term;
  }

  private static Reduced named(Reduced r, String name) {
    return new Reduced(name, r.of(), r.axes(), r.count(), r.rank(), r.size());
  }

  /// ‖x‖, of Σ x² over all elements.
  private static Optional<Fenced> squared(Reduced r) {
    Product of = Algebra.asProduct(r.of());
    boolean squares = r.name().equals("Σ") && r.rank() == 0 && of.coefficient() == 1
        && of.factors().stream().allMatch(f -> f.exponent() == 2);
    return squares ? Optional.of(new Fenced(true, Algebra.product(of.factors().stream()
        .map(Power::base).toArray(FormulaTerm[]::new)), 0, r.size())) : Optional.empty();
  }

  /// A reduction; which axes it joins is told by their letters, unless it joins all.
  private String reduced(Reduced r) {
    return function(r.name(), r.rank() == 0 ? List.of() : r.axes(), List.of(r.of()));
  }

  /// A function along axes, which are told unless it is the last.
  private String along(Along a) {
    return function(a.name(), a.axes().equals(List.of(a.rank() - 1)) ? List.of() : a.axes(),
        List.of(a.of()));
  }

  abstract String name(String name);

  abstract String minus();

  abstract String parenthesized(String text);

  abstract String number(Numeral number);

  /// A product of a number and factors, over a product of factors.
  abstract String quotient(Numeral number, List<Power> above, List<Power> below);

  abstract String between(String left, String right, boolean lanes);

  abstract String matrixTimes();

  abstract String transposed(String text);

  abstract String raised(FormulaTerm base, double exponent);

  abstract String root(FormulaTerm base);

  abstract Text applied(Applied applied);

  /// A function by its name, with the letters of axes below.
  abstract String function(String name, List<Integer> axes, List<FormulaTerm> arguments);

  /// The letter that counts along an axis.
  static String letter(int axis) {
    return "ijklmnopqrstuvwxyzabcdefgh".substring(axis, axis + 1);
  }

  abstract String picked(String of, String at);

  abstract String sliced(String of, String axes);

  abstract String relation(String sign);

  abstract String bracket(String condition);

  abstract String fenced(Fenced fenced);

  abstract String choice(Choice choice);
}
