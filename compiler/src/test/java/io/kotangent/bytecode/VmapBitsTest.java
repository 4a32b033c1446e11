package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.eval.RandomExamples;
import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Verifier;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.lower.Planner;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.vmap.Vmap;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// `vmap(f)` is a loop over `f`, bit for bit: random graphs and their gradients, some of their inputs batched, for no, one and
/// more examples, a number that is known and one that is not.
class VmapBitsTest {
  private static final int GRAPHS = Integer.getInteger("kotangent.graphs", 150);
  private static final int[] EXAMPLES = {0, 1, 2, 3, 5};

  private int runs;
  private int failed;

  @Test
  void ofCarefulGraphs() {
    graphs(RandomGraphs.Options.CAREFUL);
  }

  @Test
  void ofWildGraphs() {
    graphs(RandomGraphs.Options.WILD);
    graphs(RandomGraphs.Options.WILD.withFloats(DType.F64));
  }

  @Test
  void ofGraphsWithErrors() {
    graphs(RandomGraphs.Options.ERRORS);
  }

  @Test
  void ofGradients() {
    graphs(RandomGraphs.Options.LOSS);
  }

  private void graphs(RandomGraphs.Options options) {
    for (long seed = 0; seed < GRAPHS; seed++) {
      RandomGraph sample = RandomGraphs.generate(seed, options);
      law(sample, function(options.loss()
          ? Gradient.gradients(sample.graph(), "loss", sample.parameters()) : sample.graph()));
    }
    System.out.println(GRAPHS + " graphs, " + runs + " examples, " + failed + " of them errors");
    assertTrue(runs > GRAPHS);
  }

  /// The graph's results, all its inputs ordinary ones.
  private static Graph function(Graph graph) {
    GraphBuilder b = new GraphBuilder();
    graph.requirements().forEach(b::require);
    Map<Node, Node> copies = new IdentityHashMap<>();
    List<Node> inputs = new ArrayList<>();
    for (Node input : graph.inputs()) {
      Port port = Graph.port(input);
      inputs.add(b.input(new Port(port.name(), Role.INPUT, port.type(), port.facts())));
      copies.put(input, inputs.getLast());
    }
    b.copy(graph.results().stream().map(Graph.Result::node).toList(), copies);
    return b.graph(graph.name(), inputs, graph.results().stream()
        .map(r -> new Graph.Result(r.name(), copies.get(r.node()))).toList());
  }

  private void law(RandomGraph sample, Graph one) {
    SplittableRandom random = new SplittableRandom(sample.seed() + 77);
    int examples = EXAMPLES[random.nextInt(EXAMPLES.length)];
    boolean known = random.nextBoolean() || one.withBodies().stream().anyMatch(Graph::draws);
    List<String> batched = new ArrayList<>();
    one.ports().forEach(port -> {
      if (batched.isEmpty() || random.nextInt(3) > 0) {
        batched.add(port.name());
      }
    });
    RandomExamples values =
        RandomExamples.draw(sample, one.ports(), batched, examples, random);
    Graph all = Vmap.over(one, batched, known ? Dim.of(examples) : Dim.symbol("examples"));
    assertEquals(List.of(), Verifier.violations(all), sample::describe);
    Map<String, Long> symbols = new LinkedHashMap<>(sample.symbols());
    symbols.put("examples", (long) examples);
    String got = run(all, values.all(), symbols);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < examples; i++) {
      expected.add(run(one, values.one(i), symbols));
    }
    runs += examples;
    failed += (int) expected.stream().filter(ONE_FAILED::equals).count();
    String together = expected.contains(ONE_FAILED) ? ONE_FAILED : joined(expected);
    if (examples > 0) {
      assertEquals(together, got, () -> batched + " of " + examples + "\n" + sample.describe()
          + "\nbecame\n" + GraphPrinter.print(all) + "\n" + values.all());
    }
  }

  private static final String ONE_FAILED = "failed";

  /// The bits of each result, a line each; or that it failed.
  private static String run(Graph graph, Map<String, TensorValue> inputs,
      Map<String, Long> symbols) {
    Plan plan = Planner.plan(graph, PlanOptions.plain());
    PlanRuns.Outcome outcome =
        PlanRuns.run(plan, new PlanInterpreter(plan), inputs, symbols, 3);
    if (!outcome.committed().equals("true")) {
      return ONE_FAILED;
    }
    Map<String, String> results = new LinkedHashMap<>();
    for (int i = 0; i < outcome.arrays().length; i++) {
      ArraySlot slot = plan.signature().arrays().get(i);
      if (slot.kind() == ArraySlot.Kind.RESULT) {
        StringBuilder bits = new StringBuilder();
        for (int j = 0; j < slot.length().evaluateInt(symbols); j++) {
          bits.append(' ')
              .append(Long.toHexString(KernelRuns.bits(slot.dtype(), outcome.arrays()[i], j)));
        }
        results.put(slot.name(), bits.toString());
      }
    }
    StringBuilder lines = new StringBuilder();
    graph.results().forEach(r -> lines.append(r.name()).append(':')
        .append(results.get(r.name())).append('\n'));
    return lines.toString();
  }

  private static String joined(List<String> examples) {
    Map<String, StringBuilder> lines = new LinkedHashMap<>();
    for (String example : examples) {
      example.lines().forEach(line -> {
        String name = line.substring(0, line.indexOf(':'));
        lines.computeIfAbsent(name, _ -> new StringBuilder())
            .append(line.substring(name.length() + 1));
      });
    }
    StringBuilder all = new StringBuilder();
    lines.forEach((name, bits) -> all.append(name).append(':').append(bits).append('\n'));
    return all.toString();
  }
}
