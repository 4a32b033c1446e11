package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPass;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.Step;
import io.kotangent.plan.lower.Planner;
import io.kotangent.type.Requirement;
import io.kotangent.type.ShapeException;
import java.util.List;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Whatever the number of threads, and whichever of them is late, compiled random graphs leave the bits that one thread
/// leaves, though all that can be shared is.
class SharedWorkTest {
  private static final int GRAPHS = 60;
  private static final int[] BATCHES = {0, 1, 2, 7, 64};
  private static final int[] THREADS = {2, 4};

  private static final Set<PlanPass> UNFUSED =
      EnumSet.complementOf(EnumSet.of(PlanPass.SHARE_WORK));

  private final KernelCache cache = new KernelCache();
  private int runs;
  private int shared;
  private int barriers;

  @Test
  void wildGraphs() {
    graphs(RandomGraphs.Options.WILD, PlanOptions.STANDARD.withLeastPart(1));
    assertTrue(runs > 4 * GRAPHS, runs + " runs");
  }

  @Test
  void wildGraphsWithoutOtherPlanPasses() {
    graphs(RandomGraphs.Options.WILD,
        new PlanOptions(java.util.Optional.empty(), UNFUSED).withLeastPart(1));
  }

  @Test
  void gradients() {
    graphs(RandomGraphs.Options.LOSS, PlanOptions.STANDARD.withLeastPart(1));
  }

  private void graphs(RandomGraphs.Options options, PlanOptions planOptions) {
    for (long seed = 0; seed < GRAPHS; seed++) {
      RandomGraph sample = RandomGraphs.generate(seed, options);
      Graph graph = options.loss() ? Gradient.gradients(sample.graph(), "loss", sample.parameters())
          : sample.graph();
      Plan plan =
          Planner.plan(Compiler.optimize(graph, CompileOptions.standard()), planOptions);
      GeneratedCode code = GeneratedCode.of(plan, cache);
      count(plan.steps());
      law(sample, plan, code, sample.inputs(), sample.symbols(), seed);
      for (int batch : options.loss() ? new int[0] : BATCHES) {
        Map<String, Long> sizes = Map.of("batch", (long) batch);
        if (allowed(graph, sizes)) {
          law(sample, plan, code, sample.inputs(sizes, batch), sizes, seed);
        }
      }
    }
    System.out.printf("%d graphs, %d shared steps, %d barriers, %d runs%n", GRAPHS, shared,
        barriers, runs);
    assertTrue(shared > GRAPHS && barriers > GRAPHS, shared + " shared, " + barriers + " barriers");
  }

  private void count(List<Step> steps) {
    for (Step step : steps) {
      switch (step) {
        case Step.Run run -> shared += run.share() instanceof Step.Share.Parts ? 1 : 0;
        case Step.Barrier _ -> barriers++;
        case Step.Repeat repeat -> count(repeat.body());
        case Step.When when -> {
          count(when.then());
          count(when.otherwise());
        }
      }
    }
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

  private void law(RandomGraph sample, Plan plan, GeneratedCode code,
      Map<String, TensorValue> inputs,
      Map<String, Long> sizes, long seed) {
    PlanRuns.Outcome expected = PlanRuns.run(plan, new PlanInterpreter(plan), inputs, sizes, 1);
    for (int threads : THREADS) {
      runs++;
      Turns turns = new Turns(code, plan.signature(), threads, seed);
      PlanRuns.Outcome actual = PlanRuns.run(plan, turns, inputs, sizes, 2);
      assertEquals("", PlanRuns.difference(plan, expected, actual, sizes), () -> threads
          + " threads, sizes " + sizes + "\n" + sample.describe() + "\n" + PlanPrinter.print(plan));
    }
  }
}
