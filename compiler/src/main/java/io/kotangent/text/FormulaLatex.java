package io.kotangent.text;

import io.kotangent.ir.Notation;
import io.kotangent.ir.ScalarFn;
import io.kotangent.text.FormulaTerm.Applied;
import io.kotangent.text.FormulaTerm.Choice;
import io.kotangent.text.FormulaTerm.Fenced;
import io.kotangent.text.FormulaTerm.Power;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Formulas as LaTeX: `X^{\top} \left(X \theta - y\right)`.
final class FormulaLatex extends FormulaPrinter {
  /// By the name of a function.
  private static final Map<String, String> COMMANDS = commands();
  private static final Map<String, String> RELATIONS =
      Map.of("≤", "\\le", "≥", "\\ge", "≠", "\\ne", "∧", "\\land", "∨", "\\lor");

  private static Map<String, String> commands() {
    Map<String, String> commands = new HashMap<>(Map.of("Σ", "\\sum", "¬", "\\neg"));
    for (ScalarFn fn : ScalarFn.values()) {
      if (fn.notation() instanceof Notation.Applied(var name, var latex)) {
        latex.ifPresent(command -> commands.put(name, command));
      }
    }
    return commands;
  }

  @Override
  String name(String name) {
    return FormulaNames.latex(name);
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
  String number(FormulaNumber number) {
    String numerator = number.numerator().equals("∞") ? "\\infty" : number.numerator();
    return number.denominator() == 1 ? numerator
        : "\\frac{" + numerator + "}{" + number.denominator() + "}";
  }

  @Override
  String quotient(FormulaNumber number, List<Power> above, List<Power> below) {
    if (below.isEmpty()) {
      String factors = times(above);
      return number.isOne() ? factors : number(number) + space(number(number), factors) + factors;
    }
    List<String> numerator = new ArrayList<>();
    if (!number.numerator().equals("1") || above.isEmpty()) {
      numerator.add(number.numerator());
    }
    if (!above.isEmpty()) {
      numerator.add(times(above));
    }
    String denominator =
        number.denominator() == 1 ? times(below) : number.denominator() + " \\, " + times(below);
    return "\\frac{" + String.join(" \\, ", numerator) + "}{" + denominator + "}";
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
    return print(base, Level.ATOM) + "^{" + number(FormulaNumber.of(exponent)) + "}";
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
    String command = COMMANDS.getOrDefault(applied.name(),
        "\\operatorname{" + applied.name().replace("_", "\\_") + "}");
    String inside = arguments.stream().map(this::print).collect(Collectors.joining(", "));
    return new Text(command + parenthesized(inside), Level.ATOM);
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
