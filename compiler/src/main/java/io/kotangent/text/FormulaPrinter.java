package io.kotangent.text;

import io.kotangent.text.FormulaTerm.Applied;
import io.kotangent.text.FormulaTerm.Bracket;
import io.kotangent.text.FormulaTerm.Choice;
import io.kotangent.text.FormulaTerm.Fenced;
import io.kotangent.text.FormulaTerm.Matrices;
import io.kotangent.text.FormulaTerm.Name;
import io.kotangent.text.FormulaTerm.Power;
import io.kotangent.text.FormulaTerm.Product;
import io.kotangent.text.FormulaTerm.Related;
import io.kotangent.text.FormulaTerm.Sum;
import io.kotangent.text.FormulaTerm.Transposed;
import java.util.ArrayList;
import java.util.List;

/// Prints formula terms. What every notation shares is here; a subclass is a notation.
abstract sealed class FormulaPrinter permits FormulaUnicode, FormulaLatex {
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
      case Choice choice -> new Text(choice(choice), Level.ATOM);
    };
  }

  private String sum(Sum sum) {
    StringBuilder text = new StringBuilder();
    for (Product term : sum.terms()) {
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
    FormulaNumber number = FormulaNumber.of(product.coefficient());
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
    return power.exponent() == 0.5 ? root(power.base()) : raised(power.base(), power.exponent());
  }

  abstract String name(String name);

  abstract String minus();

  abstract String parenthesized(String text);

  abstract String number(FormulaNumber number);

  /// A product of a number and factors, over a product of factors.
  abstract String quotient(FormulaNumber number, List<Power> above, List<Power> below);

  abstract String between(String left, String right, boolean lanes);

  abstract String matrixTimes();

  abstract String transposed(String text);

  abstract String raised(FormulaTerm base, double exponent);

  abstract String root(FormulaTerm base);

  abstract Text applied(Applied applied);

  abstract String relation(String sign);

  abstract String bracket(String condition);

  abstract String fenced(Fenced fenced);

  abstract String choice(Choice choice);
}
