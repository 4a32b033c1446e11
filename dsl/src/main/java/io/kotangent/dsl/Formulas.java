package io.kotangent.dsl;

import io.kotangent.aot.Aot;
import io.kotangent.autodiff.Gradient;
import io.kotangent.formula.Formula;
import io.kotangent.ir.Graph;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What graphs compute, and their derivatives, as formulas for people: `unicode()`, `latex()`; and as Java source.
public final class Formulas {
  private Formulas() {
  }

  /// All that a graph computes: its results, and the next values of its state. Results print as their names where they occur.
  public static List<Formula> of(Graph graph) {
    return Formula.all(graph);
  }

  /// One result of a graph: `f = (x + y)·z`. Other results print as their names where they occur.
  public static Formula of(Graph graph, String result) {
    return Formula.of(graph, result, results(graph));
  }

  /// The derivative of a scalar result by an input: `∂f/∂x = z`. Results of the graph that occur in it print as their names.
  ///
  /// @throws io.kotangent.type.KotangentException if there is no such result or input, or no derivative connects them
  public static Formula derivative(Graph graph, String result, String input) {
    Graph differentiated = Gradient.gradients(graph, result, List.of(input));
    return Formula.derivative(differentiated, Gradient.name(result, input), result, input,
        results(graph));
  }

  /// The graph as a Java class that computes it, with the same bits as compiled code: the text of each file, by its path. Inputs are
  /// parameters of its method `run`. With more than one graph, with weights or to write files, [Aot] does the same.
  ///
  /// @param className such as `com.example.Neuron`
  public static Map<String, String> java(Graph graph, String className) {
    Map<String, String> files = new TreeMap<>();
    Aot.of(className).method("run", graph).source().forEach((path, bytes) -> {
      if (path.endsWith(".java")) {
        files.put(path, new String(bytes, StandardCharsets.UTF_8));
      }
    });
    return files;
  }

  private static List<String> results(Graph graph) {
    return graph.results().stream().map(Graph.Result::name).toList();
  }
}
