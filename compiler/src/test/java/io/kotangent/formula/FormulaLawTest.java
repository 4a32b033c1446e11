package io.kotangent.formula;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.eval.Evaluation;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A formula says what its graph computes: random graphs and their gradients, each result's terms evaluated as a reader would.
/// And whatever a graph is, it has a formula in every notation, with all brackets closed.
class FormulaLawTest {
  private static final int GRAPHS = Integer.getInteger("kotangent.graphs", 300);
  private static final double TOLERANCE = 1e-7;

  @Test
  void formulasOfCarefulGraphsAreTheirValues() {
    evaluated(RandomGraphs.Options.CAREFUL.withFloats(DType.F64).withoutControl().withNodes(12));
  }

  @Test
  void formulasOfGradientsAreTheirValues() {
    evaluated(RandomGraphs.Options.LOSS.withFloats(DType.F64).withoutControl().withNodes(8));
  }

  private static void evaluated(RandomGraphs.Options options) {
    int compared = 0;
    for (long seed = 0; seed < GRAPHS; seed++) {
      RandomGraph sample = RandomGraphs.generate(seed, options);
      Graph graph = options.loss()
          ? Gradient.gradients(sample.graph(), "loss", sample.parameters()) : sample.graph();
      Evaluation evaluation = Interpreter.run(graph, sample.inputs(), sample.symbols());
      for (Graph.Result result : graph.results()) {
        compared += isOfReals(result.node()) ? law(sample, graph, result, evaluation) : 0;
      }
    }
    System.out.println(compared + " formulas compared");
    assertTrue(compared > GRAPHS / 2, compared + " compared");
  }

  /// Integers have bits and wrap around, which no formula says.
  private static boolean isOfReals(Node root) {
    List<Node> needed = new ArrayList<>();
    Graph.visit(root, new HashSet<>(), needed);
    return needed.stream().noneMatch(node -> node.op() instanceof Op.Lane
        && node.dtype().isInteger());
  }

  private static int law(RandomGraph sample, Graph graph, Graph.Result result,
      Evaluation evaluation) {
    Map<Node, String> names = new LinkedHashMap<>();
    graph.inputs().forEach(input -> names.put(input, Graph.port(input).name()));
    Definitions definitions = new Definitions(names.values());
    FormulaTerm term =
        Reading.read(List.of(result.node()), names, definitions).getFirst();
    if (!definitions.all().isEmpty()) {
      return 0;
    }
    TermEvaluator evaluator = new TermEvaluator(sample.inputs(), sample.symbols());
    try {
      Optional<String> difference = evaluator.difference(evaluator.value(term),
          evaluation.result(result.name()), TOLERANCE);
      assertEquals(Optional.empty(), difference,
          () -> result.name() + " = " + new Unicode().print(term) + "\n" + term + "\n"
              + GraphPrinter.print(graph) + sample.inputs());
      return 1;
    } catch (TermEvaluator.Opaque e) {
      return 0;
    }
  }

  @Test
  void everyGraphHasFormulas() {
    for (RandomGraphs.Options options : List.of(RandomGraphs.Options.CAREFUL,
        RandomGraphs.Options.WILD, RandomGraphs.Options.LOSS)) {
      for (long seed = 0; seed < GRAPHS; seed++) {
        RandomGraph sample = RandomGraphs.generate(seed, options);
        Graph graph = options.loss()
            ? Gradient.gradients(sample.graph(), "loss", sample.parameters()) : sample.graph();
        for (Formula formula : Formula.all(graph)) {
          balanced(formula.unicode(), sample);
          balanced(formula.latex(), sample);
        }
        for (Graph.Result result : graph.results()) {
          balanced(Formula.of(graph, result.name(), List.of()).unicode(), sample);
        }
      }
    }
  }

  private static void balanced(String text, RandomGraph sample) {
    for (String pair : List.of("()", "{}", "[]")) {
      int depth = 0;
      for (char c : text.toCharArray()) {
        depth += c == pair.charAt(0) ? 1 : c == pair.charAt(1) ? -1 : 0;
        assertTrue(depth >= 0, text);
      }
      assertEquals(0, depth, () -> text + "\n" + sample.describe());
    }
    assertEquals(count(text, "\\left"), count(text, "\\right"), text);
    assertEquals(count(text, "\\begin"), count(text, "\\end"), text);
    assertTrue(text.length() < 100_000, () -> text.length() + "");
  }

  private static int count(String text, String what) {
    return text.split(java.util.regex.Pattern.quote(what) + "(?![a-z])", -1).length - 1;
  }
}
