package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.eval.Tensor;
import io.kotangent.ir.Graph;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.type.Requirement;
import io.kotangent.type.ShapeException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What compiled random graphs leave is bit for bit what the interpreter of their plans leaves.
class CompiledGraphsTest {
  private static final int GRAPHS = Integer.getInteger("kotangent.graphs", 100);
  private static final int[] BATCHES = {0, 1, 2, 7, 64};

  private final KernelCache cache = new KernelCache();
  private final Map<String, Integer> refused = new TreeMap<>();
  private int runs;

  @Test
  void carefulGraphs() {
    graphs(RandomGraphs.Options.CAREFUL, false);
  }

  @Test
  void wildGraphs() {
    graphs(RandomGraphs.Options.WILD, false);
  }

  @Test
  void gradients() {
    graphs(RandomGraphs.Options.LOSS, true);
  }

  private void graphs(RandomGraphs.Options options, boolean gradients) {
    for (long seed = 0; seed < GRAPHS; seed++) {
      RandomGraph sample = RandomGraphs.generate(seed, options);
      Graph graph = gradients ? Gradient.gradients(sample.graph(), "loss", sample.parameters())
          : sample.graph();
      Compilation compilation;
      try {
        compilation = Compiler.compilation(graph, CompileOptions.standard().with(cache));
      } catch (RuntimeException e) {
        refused.merge(String.valueOf(e).replaceAll("%?\\d+", "#").replaceAll(" = .*", ""), 1,
            Integer::sum);
        continue;
      }
      law(sample, compilation, sample.inputs(), sample.symbols());
      if (sample.symbols().size() == 1 && !gradients) {
        for (int batch : BATCHES) {
          Map<String, Long> sizes = new HashMap<>(sample.symbols());
          sizes.put("batch", (long) batch);
          if (allowed(graph, sizes)) {
            law(sample, compilation, sample.inputs(sizes, batch), sizes);
          }
        }
      }
    }
    System.out.printf("%d graphs, %d runs, %d classes inspected; refused: %s%n", GRAPHS, runs,
        CheckingInspector.inspected(),
        refused);
    assertTrue(runs > 0);
  }

  private static boolean allowed(Graph graph, Map<String, Long> sizes) {
    try {
      for (Requirement requirement : graph.requirements()) {
        requirement.check(sizes);
      }
      return true;
    } catch (ShapeException e) {
      return false;
    }
  }

  private void law(RandomGraph sample, Compilation compiled, Map<String, Tensor> inputs,
      Map<String, Long> sizes) {
    runs++;
    PlanRuns.Outcome expected =
        PlanRuns.run(compiled.plan(), new PlanInterpreter(compiled.plan()), inputs, sizes, 1);
    PlanRuns.Outcome actual = PlanRuns.run(compiled.plan(), compiled.code(), inputs, sizes, 2);
    String difference = PlanRuns.difference(compiled.plan(), expected, actual, sizes);
    assertEquals("", difference,
        () -> "sizes " + sizes + "\n" + sample.describe() + "\n"
            + PlanPrinter.print(compiled.plan())
            + "\n" + kernels(compiled.code()));
  }

  private static List<String> kernels(GeneratedCode code) {
    return code.kernels().stream().map(k -> k.listing().className() + " " + k.listing().text())
        .toList();
  }
}
