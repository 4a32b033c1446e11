package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.bytecode.emit.Emission;
import io.kotangent.bytecode.load.CheckingInspector;
import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.bytecode.load.Machine;
import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.type.Requirement;
import io.kotangent.type.ShapeException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What compiled random graphs leave is bit for bit what the interpreter of their plans leaves: for every batch size,
/// whatever the workspace held before, and however small the methods.
class CompiledGraphsTest {
  private static final int GRAPHS = 60;
  private static final int[] BATCHES = {0, 1, 2, 7, 64};

  private int runs;
  private int largest;

  @Test
  void wildGraphs() {
    graphs(RandomGraphs.Options.WILD, new KernelCache());
  }

  @Test
  void wildGraphsInMethodsOf300Bytes() {
    graphs(RandomGraphs.Options.WILD,
        new KernelCache(Emission.of(Machine.target()).withBudget(300)));
  }

  @Test
  void gradientsInMethodsOf300Bytes() {
    graphs(RandomGraphs.Options.LOSS,
        new KernelCache(Emission.of(Machine.target()).withBudget(300)));
  }

  private void graphs(RandomGraphs.Options options, KernelCache cache) {
    for (long seed = 0; seed < GRAPHS; seed++) {
      RandomGraph sample = RandomGraphs.generate(seed, options);
      Graph graph = options.loss() ? Gradient.gradients(sample.graph(), "loss", sample.parameters())
          : sample.graph();
      Compilation compiled = Compiler.compilation(graph, CompileOptions.standard().with(cache));
      largest = Math.max(largest, compiled.report().largestMethod());
      law(sample, compiled, sample.inputs(), sample.symbols());
      for (int batch : options.loss() ? new int[0] : BATCHES) {
        Map<String, Long> sizes = Map.of("batch", (long) batch);
        if (allowed(graph, sizes)) {
          law(sample, compiled, sample.inputs(sizes, batch), sizes);
        }
      }
    }
    System.out.printf(
        "%d graphs, %d runs, budget %d, largest method %d, %d classes inspected so far%n", GRAPHS,
        runs,
        cache.emission().budget(), largest, CheckingInspector.inspected());
    assertTrue(options.loss() ? runs == GRAPHS : runs > 4 * GRAPHS, runs + " runs");
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

  private void law(RandomGraph sample, Compilation compiled, Map<String, TensorValue> inputs,
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
