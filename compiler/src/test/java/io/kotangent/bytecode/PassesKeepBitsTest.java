package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Verifier;
import io.kotangent.pass.Dump;
import io.kotangent.pass.Foldable;
import io.kotangent.pass.LaneEvaluator;
import io.kotangent.pass.Pass;
import io.kotangent.pass.Pipeline;
import io.kotangent.pass.Report;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.lower.PlanEvaluator;
import io.kotangent.plan.lower.Planner;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// With `stabilize` fixed, all passes on, each one off, some rule off and all off leave the same bits: random graphs and their
/// gradients, run by the interpreter of plans.
class PassesKeepBitsTest {
  private static final int GRAPHS = Integer.getInteger("kotangent.graphs", 50);
  private static final Pipeline ALL =
      Pipeline.standard(new LaneEvaluator().or(new PlanEvaluator()));

  private static final List<String> PASSES =
      ALL.passes().stream().map(Pass::name).filter(n -> !n.equals("stabilize")).toList();
  private static final Pipeline EXACT = ALL.without("stabilize");

  private final Map<String, Integer> hits = new TreeMap<>();

  @Test
  void ofCarefulGraphs() {
    graphs(RandomGraphs.Options.CAREFUL, false);
  }

  @Test
  void ofWildGraphs() {
    graphs(RandomGraphs.Options.WILD, false);
    graphs(RandomGraphs.Options.WILD.withFloats(DType.F64), false);
  }

  @Test
  void ofGradients() {
    graphs(RandomGraphs.Options.LOSS, true);
  }

  private void graphs(RandomGraphs.Options options, boolean gradients) {
    for (long seed = 0; seed < GRAPHS; seed++) {
      RandomGraph sample = RandomGraphs.generate(seed, options);
      Graph graph = gradients ? Gradient.gradients(sample.graph(), "loss", sample.parameters())
          : sample.graph();
      law(sample, graph);
    }
    System.out.println(GRAPHS + " graphs, " + hits);
    assertTrue(hits.size() > 5);
  }

  private void law(RandomGraph sample, Graph graph) {
    Graph plain = ALL.without(PASSES).apply(graph);
    Map<String, String> expected = results(plain, sample);
    Report report = ALL.run(graph, Dump.none());
    report.lines().forEach(
        line -> line.hits().forEach((name, count) -> hits.merge(name, count, Integer::sum)));
    assertEquals(List.of(), Verifier.violations(report.graph()), sample::describe);
    assertEquals(report.graph(), EXACT.apply(report.graph()),
        () -> "not idempotent: " + sample.describe());
    noConstantIsLeftToFold(report.graph(), sample);
    check(expected, report.graph(), sample, "all passes");
    List<String> skipped = new ArrayList<>(PASSES);
    List<String> applied = new ArrayList<>();
    report.lines().subList(1, report.lines().size())
        .forEach(line -> applied.addAll(line.hits().keySet()));
    if (!applied.isEmpty()) {
      skipped.add(applied.get(new SplittableRandom(sample.seed()).nextInt(applied.size())));
    }
    for (String name : skipped) {
      check(expected, ALL.without(name).apply(graph), sample, "without " + name);
    }
  }

  private static void noConstantIsLeftToFold(Graph graph, RandomGraph sample) {
    for (Node node : graph.schedule()) {
      assertTrue(
          node.op().bodies().isEmpty() && node.valueType() instanceof io.kotangent.type.TupleType
              || !node.op().bodies().isEmpty() || !Foldable.is(node),
          () -> node + " is foldable: " + sample.describe());
    }
  }

  private static void check(Map<String, String> expected, Graph graph, RandomGraph sample,
      String what) {
    Map<String, String> got = results(graph, sample);
    assertEquals(expected, got,
        () -> what + "\n" + sample.describe() + "\nbecame\n" + GraphPrinter.print(graph));
  }

  /// The bits of everything that a run leaves, by name; or only that it failed.
  private static Map<String, String> results(Graph graph, RandomGraph sample) {
    Plan plan = Planner.plan(graph, PlanOptions.plain());
    PlanRuns.Outcome outcome =
        PlanRuns.run(plan, new PlanInterpreter(plan), sample.inputs(), sample.symbols(), 3);
    Map<String, String> results = new LinkedHashMap<>();
    if (!List.of("true", "false").contains(outcome.committed())) {
      return Map.of("failed", "true");
    }
    results.put("committed", outcome.committed());
    for (int i = 0; i < outcome.arrays().length; i++) {
      ArraySlot slot = plan.signature().arrays().get(i);
      if (slot.kind() == ArraySlot.Kind.RESULT || slot.kind() == ArraySlot.Kind.STATE) {
        StringBuilder bits = new StringBuilder();
        for (int j = 0; j < slot.length().evaluateInt(sample.symbols()); j++) {
          bits.append(' ')
              .append(Long.toHexString(KernelRuns.bits(slot.dtype(), outcome.arrays()[i], j)));
        }
        results.put(slot.kind() + " " + slot.name(), bits.toString());
      }
    }
    return results;
  }
}
