package io.kotangent.formula;

import io.kotangent.formula.FormulaTerm.Applied;
import io.kotangent.formula.FormulaTerm.Choice;
import io.kotangent.formula.FormulaTerm.Fenced;
import io.kotangent.formula.FormulaTerm.Power;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Formulas as plain text: `Xᵀ·(X·θ − y)`.
final class Unicode extends Printer {
  /// The letters of axes as subscripts, as far as there are any.
  private static final String BELOW = "ᵢⱼₖₗₘₙₒₚ";
  private static final Map<String, String> FRACTIONS =
      Map.of("1/2", "½", "1/4", "¼", "3/4", "¾", "1/3", "⅓", "2/3", "⅔");

  @Override
  String name(String name) {
    return Names.unicode(name);
  }

  @Override
  String minus() {
    return "−";
  }

  @Override
  String parenthesized(String text) {
    return "(" + text + ")";
  }

  @Override
  String number(Numeral number) {
    String fraction =
        number.numerator() + "/" + (number.root() ? "√" : "") + number.denominator();
    return number.denominator() == 1 ? number.numerator()
        : FRACTIONS.getOrDefault(fraction, "(" + fraction + ")");
  }

  @Override
  String quotient(Numeral number, List<Power> above, List<Power> below) {
    if (number.root() && below.isEmpty()) {
      return (above.isEmpty() ? "1" : times(above)) + "/√" + number.denominator();
    }
    List<String> numerator = new ArrayList<>();
    if (!number.isOne() || above.isEmpty()) {
      numerator.add(number(number));
    }
    if (!above.isEmpty()) {
      numerator.add(times(above));
    }
    String text = String.join("·", numerator);
    if (below.isEmpty()) {
      return text;
    }
    return text + "/" + (below.size() == 1 ? times(below) : parenthesized(times(below)));
  }

  @Override
  String between(String left, String right, boolean lanes) {
    return lanes ? " ⊙ " : "·";
  }

  @Override
  String matrixTimes() {
    return "·";
  }

  @Override
  String transposed(String text) {
    return text + "ᵀ";
  }

  @Override
  String raised(FormulaTerm base, double exponent) {
    String text = print(base, Level.ATOM);
    Numeral number = Numeral.of(exponent);
    if (number.denominator() == 1 && number.numerator().chars().allMatch(Character::isDigit)) {
      return text
          + number.numerator().chars().mapToObj(d -> "⁰¹²³⁴⁵⁶⁷⁸⁹".substring(d - '0', d - '0' + 1))
              .collect(Collectors.joining());
    }
    return text + "^" + number(number);
  }

  @Override
  String root(FormulaTerm base) {
    return "√" + print(base, Level.ATOM);
  }

  @Override
  Text applied(Applied applied) {
    List<FormulaTerm> arguments = applied.arguments();
    if (applied.name().equals("^")) {
      return new Text(
          print(arguments.get(0), Level.ATOM) + "^" + print(arguments.get(1), Level.ATOM),
          Level.POWER);
    }
    return new Text(function(applied.name(), List.of(), arguments), Level.ATOM);
  }

  @Override
  String function(String name, List<Integer> axes, List<FormulaTerm> arguments) {
    String below = axes.stream().map(axis -> axis < BELOW.length()
        ? BELOW.substring(axis, axis + 1) : "_" + letter(axis)).collect(Collectors.joining());
    return name + below
        + parenthesized(arguments.stream().map(this::print).collect(Collectors.joining(", ")));
  }

  @Override
  String sliced(String of, String axes) {
    return of + "[" + axes + "]";
  }

  @Override
  String picked(String of, String at) {
    return of + "[" + at + "]";
  }

  @Override
  String relation(String sign) {
    return sign;
  }

  @Override
  String bracket(String condition) {
    return "[" + condition + "]";
  }

  @Override
  String fenced(Fenced fenced) {
    String fence = fenced.isDouble() ? "‖" : "|";
    return fence + print(fenced.inside()) + fence;
  }

  @Override
  String choice(Choice choice) {
    return "{" + print(choice.then()) + " if " + print(choice.condition()) + ", else "
        + print(choice.otherwise()) + "}";
  }
}
