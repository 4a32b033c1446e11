package io.kotangent.formula;

import io.kotangent.ir.Notation;
import io.kotangent.ir.ScalarFn;
import io.kotangent.formula.FormulaTerm.Applied;
import io.kotangent.formula.FormulaTerm.Choice;
import io.kotangent.formula.FormulaTerm.Fenced;
import io.kotangent.formula.FormulaTerm.Power;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Formulas as LaTeX: `X^{\top} \left(X \theta - y\right)`.
final class Latex extends Printer {
  /// By the name of a function.
  private static final Map<String, String> COMMANDS = commands();
  private static final Map<String, String> RELATIONS =
      Map.of("≤", "\\le", "≥", "\\ge", "≠", "\\ne", "∧", "\\land", "∨", "\\lor");

  private static Map<String, String> commands() {
    Map<String, String> commands = new HashMap<>(Map.of("Σ", "\\sum", "Π", "\\prod", "¬", "\\neg"));
    for (ScalarFn fn : ScalarFn.values()) {
      if (fn.notation() instanceof Notation.Applied(var name, var latex)) {
        latex.ifPresent(command -> commands.put(name, command));
      }
    }
    return commands;
  }

  @Override
  String name(String name) {
    return Names.latex(name);
  }

  @Override
  String minus() {
    return "-";
  }

  @Override
  String parenthesized(String text) {
    return "\\left(" + text + "\\right)";
  }

  @Override
  String number(Numeral number) {
    return number.denominator() == 1 ? numerator(number)
        : "\\frac{" + numerator(number) + "}{" + denominator(number) + "}";
  }

  /// Powers of ten are written as such.
  private static String numerator(Numeral number) {
    String text = number.numerator();
    int exponent = text.indexOf('e');
    if (exponent < 0) {
      return text.equals("∞") ? "\\infty" : text;
    }
    String power = "10^{" + text.substring(exponent + 1) + "}";
    String digits = text.substring(0, exponent);
    return digits.equals("1") ? power : digits + " \\cdot " + power;
  }

  private static String denominator(Numeral number) {
    return number.root() ? "\\sqrt{" + number.denominator() + "}"
        : Integer.toString(number.denominator());
  }

  @Override
  String quotient(Numeral number, List<Power> above, List<Power> below) {
    if (below.isEmpty() && number.root()) {
      return "\\frac{" + (above.isEmpty() ? "1" : whole(above)) + "}{" + denominator(number) + "}";
    }
    if (below.isEmpty()) {
      String factors = times(above);
      return number.isOne() ? factors : number(number) + space(number(number), factors) + factors;
    }
    List<String> numerator = new ArrayList<>();
    if (!number.numerator().equals("1") || above.isEmpty()) {
      numerator.add(numerator(number));
    }
    if (!above.isEmpty()) {
      numerator.add(numerator.isEmpty() ? whole(above) : times(above));
    }
    String denominator =
        number.denominator() == 1 ? whole(below) : denominator(number) + " \\, " + times(below);
    return "\\frac{" + String.join(" \\, ", numerator) + "}{" + denominator + "}";
  }

  /// What a bar sets apart needs no brackets.
  private String whole(List<Power> factors) {
    boolean one = factors.size() == 1 && factors.getFirst().exponent() == 1;
    return one ? print(factors.getFirst().base()) : times(factors);
  }

  @Override
  String between(String left, String right, boolean lanes) {
    return lanes ? " \\odot " : space(left, right);
  }

  /// Brackets keep things apart; other factors need a small space.
  private static String space(String left, String right) {
    return left.endsWith("\\right)") || left.endsWith("}") && left.startsWith("\\frac")
        || right.startsWith("\\left")
            ? " "
            : " \\, ";
  }

  @Override
  String matrixTimes() {
    return " ";
  }

  @Override
  String transposed(String text) {
    return text + "^{\\top}";
  }

  @Override
  String raised(FormulaTerm base, double exponent) {
    return print(base, Level.ATOM) + "^{" + number(Numeral.of(exponent)) + "}";
  }

  @Override
  String root(FormulaTerm base) {
    return "\\sqrt{" + print(base) + "}";
  }

  @Override
  Text applied(Applied applied) {
    List<FormulaTerm> arguments = applied.arguments();
    if (applied.name().equals("^")) {
      return new Text(print(arguments.get(0), Level.ATOM) + "^{" + print(arguments.get(1)) + "}",
          Level.POWER);
    }
    if (applied.name().equals("exp")) {
      return new Text("e^{" + print(arguments.getFirst()) + "}", Level.POWER);
    }
    return new Text(function(applied.name(), List.of(), arguments), Level.ATOM);
  }

  @Override
  String function(String name, List<Integer> axes, List<FormulaTerm> arguments) {
    int details = name.indexOf('[');
    String word = details < 0 ? name : name.substring(0, details);
    String command = COMMANDS.getOrDefault(word,
        "\\operatorname{" + word.replace("_", "\\_").replace("#", "\\#") + "}")
        + (details < 0 ? "" : "_{" + typed(name.substring(details)) + "}");
    String below = axes.stream().map(Printer::letter).collect(Collectors.joining(","));
    return command + (below.isEmpty() ? "" : "_{" + below + "}")
        + parenthesized(arguments.stream().map(this::print).collect(Collectors.joining(", ")));
  }

  @Override
  String sliced(String of, String axes) {
    return of + "_{" + typed(axes) + "}";
  }

  /// As it is typed.
  private static String typed(String text) {
    return "\\texttt{" + text.replace("\\", "").replace("_", "\\_").replace("%", "\\%")
        .replace("#", "\\#").replace("&", "\\&").replace("$", "\\$").replace("{", "(")
        .replace("}", ")").replace("^", "").replace("~", "") + "}";
  }

  @Override
  String picked(String of, String at) {
    return of + "_{\\left[" + at + "\\right]}";
  }

  @Override
  String relation(String sign) {
    return RELATIONS.getOrDefault(sign, sign);
  }

  @Override
  String bracket(String condition) {
    return "\\left[" + condition + "\\right]";
  }

  @Override
  String fenced(Fenced fenced) {
    return fenced.isDouble()
        ? "\\left\\| " + print(fenced.inside()) + " \\right\\|"
        : "\\left|" + print(fenced.inside()) + "\\right|";
  }

  @Override
  String choice(Choice choice) {
    return "\\begin{cases} " + print(choice.then()) + " & " + print(choice.condition()) + " \\\\ "
        + print(choice.otherwise()) + " & \\text{otherwise} \\end{cases}";
  }
}
