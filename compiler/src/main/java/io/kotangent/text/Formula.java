package io.kotangent.text;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/// What a result of a graph computes, as an equation for people: `∂f/∂w₀ = x₀·f·(1 − f)`.
///
/// Formulas follow the rules of real numbers (like terms are collected, a common factor is written once), which
/// floating point does not, so they are for reading only. Broadcasts and casts do not show.
public final class Formula {
  private final String name;
  private final Optional<String> by;
  private final FormulaTerm right;

  private Formula(String name, Optional<String> by, FormulaTerm right) {
    this.name = name;
    this.by = by;
    this.right = right;
  }

  /// `result = …`.
  ///
  /// @param named other results of the graph, which print as their names where they occur
  public static Formula of(Graph graph, String result, Collection<String> named) {
    return new Formula(result, Optional.empty(), read(graph, result, named));
  }

  /// `∂of/∂by = …`.
  ///
  /// @param result the result that is this derivative
  /// @param named results of the graph, which print as their names where they occur (usually those that the graph had
  /// before it was differentiated)
  public static Formula derivative(Graph graph, String result, String of, String by,
      Collection<String> named) {
    return new Formula(of, Optional.of(by), read(graph, result, named));
  }

  private static FormulaTerm read(Graph graph, String result, Collection<String> named) {
    Map<Node, String> names = new IdentityHashMap<>();
    for (Node input : graph.inputs()) {
      names.put(input, Graph.port(input).name());
    }
    for (String name : named) {
      if (!name.equals(result)) {
        names.putIfAbsent(graph.result(name), name);
      }
    }
    Node root = graph.result(result);
    if (graph.inputs().contains(root)) {
      return FormulaReader.read(root, Map.of());
    }
    return FormulaReader.read(root, names);
  }

  /// `∂f/∂x = z`.
  public String unicode() {
    FormulaPrinter printer = new FormulaUnicode();
    String left = by.map(x -> "∂" + printer.name(name) + "/∂" + printer.name(x))
        .orElseGet(() -> printer.name(name));
    return left + " = " + printer.print(right);
  }

  /// `\frac{\partial f}{\partial x} = z`.
  public String latex() {
    FormulaPrinter printer = new FormulaLatex();
    String left = by
        .map(x -> "\\frac{\\partial " + printer.name(name) + "}{\\partial " + printer.name(x) + "}")
        .orElseGet(() -> printer.name(name));
    return left + " = " + printer.print(right);
  }

  @Override
  public String toString() {
    return unicode();
  }
}
