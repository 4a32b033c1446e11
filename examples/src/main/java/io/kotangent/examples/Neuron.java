package io.kotangent.examples;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.dsl.Formulas;
import io.kotangent.ir.Graph;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.formula.Formula;
import io.kotangent.text.GraphPrinter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Shows the neuron of [FormulaExample]: formulas, graph, numbers.
public final class Neuron {
  private Neuron() {}

  /// Prints what the graph, from `w0 x0 w1 x1 w2` to `f df_dw0 df_dw1 df_dw2`, is and yields.
  public static void show(Graph graph) {
    System.out.println("The formula, and its derivatives (the second form is LaTeX):\n");
    Graph f = new Graph(graph.name(), graph.inputs(), graph.results().subList(0, 1), List.of(),
        Optional.empty(), List.of());
    System.out.println("  " + Formula.of(f, "f", List.of()).unicode());
    for (String weight : List.of("w0", "w1", "w2")) {
      Formula derivative = Formulas.derivative(f, "f", weight);
      System.out.printf("  %-28s %s%n", derivative.unicode(), derivative.latex());
    }
    System.out.println("\nThe graph that is compiled:\n");
    System.out.println(GraphPrinter.print(Compiler.optimize(graph, CompileOptions.standard())));
    Program program = Compiler.compile(graph);
    Workspace neuron = program.newWorkspace();
    neuron.feed("w0", 2.0).feed("x0", -1.0).feed("w1", -3.0).feed("x1", -2.0).feed("w2", -3.0);
    program.run(neuron);
    System.out.println("At w = (2, -3, -3) and x = (-1, -2):\n");
    for (String result : List.of("f", "df_dw0", "df_dw1", "df_dw2")) {
      System.out.printf(Locale.ROOT, "  %-6s = %7.4f%n", result, neuron.scalar(result));
    }
  }
}
