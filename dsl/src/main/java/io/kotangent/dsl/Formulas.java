package io.kotangent.dsl;

import io.kotangent.autodiff.Gradient;
import io.kotangent.ir.Graph;
import io.kotangent.formula.Formula;
import java.util.List;

/// Derivatives as formulas for people.
public final class Formulas {
  private Formulas() {
  }

  /// The derivative of a scalar result by an input: `∂f/∂x = z`. Results of the graph that occur in it print as their names.
  public static Formula derivative(Graph graph, String result, String input) {
    Graph differentiated = Gradient.gradients(graph, result, List.of(input));
    List<String> named = graph.results().stream().map(Graph.Result::name).toList();
    return Formula.derivative(differentiated, Gradient.name(result, input), result, input, named);
  }
}
