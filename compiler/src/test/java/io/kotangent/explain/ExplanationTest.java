package io.kotangent.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.StepWay;
import io.kotangent.data.DataException;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.text.GraphParser;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.Dim;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is told of a compilation is true of it.
class ExplanationTest {
  static final Graph NEURON = GraphParser.parseOne("""
      graph neuron(x: input f32[batch,3], w: param f32[3], b: param f32) {
        %0 = contract[bk,k->b] x, w : f32[batch]  ; dense Neuron.java:5
        %1 = broadcast[dims=(), to=batch] b : f32[batch]  ; dense Neuron.java:5
        %2 = add %0, %1 : f32[batch]  ; dense Neuron.java:5
        %3 = sigmoid %2 : f32[batch]  ; Neuron.java:6
        %4 = log %3 : f32[batch]  ; Neuron.java:7
        %5 = reduce.sum[axes=0] %4 : f32  ; Neuron.java:7
        return loss=%5
      }
      """);
  private static final int GRAPHS = 60;

  static Graph gradient() {
    return Gradient.gradients(NEURON, "loss", List.of("w", "b"));
  }

  @Test
  void passesAreToldWithTheLinesThatTheyChanged() {
    Explanation why = Explanation.of(NEURON);
    ExplainedPass stabilize = why.passes().getFirst();
    assertEquals("stabilize", stabilize.name());
    assertTrue(stabilize.changed());
    assertFalse(stabilize.hits().isEmpty());
    assertTrue(stabilize.lines().contains("- %4 = log %3"
        + line(NEURON, "%4 = log %3")), stabilize.lines().toString());
    assertTrue(stabilize.lines().stream().anyMatch(line -> line.startsWith("+ ")));
    assertTrue(stabilize.lines().stream().noneMatch(line -> line.contains("contract")),
        "what stayed is not told");
    assertEquals(NEURON, stabilize.before());
    List<ExplainedPass> passes = why.passes();
    for (int i = 1; i < passes.size(); i++) {
      assertEquals(passes.get(i - 1).after(), passes.get(i).before());
    }
    assertEquals(why.prepared(), passes.getLast().after());
  }

  /// What stands behind a statement in the text of a graph.
  private static String line(Graph graph, String statement) {
    return GraphPrinter.print(graph).lines().map(String::strip)
        .filter(line -> line.startsWith(statement)).findFirst().orElseThrow()
        .substring(statement.length());
  }

  @Test
  void aPassThatIsSkippedDoesNothing() {
    Explanation why = Explanation.of(NEURON, CompileOptions.standard().without("stabilize"));
    assertTrue(why.passes().stream().noneMatch(pass -> pass.name().equals("stabilize")));
  }

  @Test
  void kernelsHaveTheirNodesAndReasons() {
    Explanation fused = Explanation.of(gradient());
    assertTrue(fused.kernels().stream().anyMatch(kernel -> kernel.nodes().size() > 2));
    Explanation alone =
        Explanation.of(gradient(), CompileOptions.standard().without("FuseElementwise",
            "FuseReductions", "FuseEpilogue", "FuseScalars"));
    assertTrue(alone.kernels().size() > fused.kernels().size());
    assertTrue(alone.kernels().stream().flatMap(kernel -> kernel.apart().stream())
        .anyMatch(apart -> apart.reason().equals("the pass is skipped")), alone::toString);
    for (Explanation why : List.of(fused, alone)) {
      why.kernels().stream().flatMap(kernel -> kernel.apart().stream())
          .forEach(apart -> assertEquals(why.kernels().get(apart.kernel()).name(), apart.other()));
    }
  }

  @Test
  void workIsCountedInNumbersWhereSizesAreKnown() {
    Explanation why = Explanation.of(NEURON);
    ExplainedKernel contract = why.kernels().stream()
        .filter(kernel -> kernel.name().startsWith("contract")).findFirst().orElseThrow();
    assertEquals("3*batch", why.work(contract).multiplyAdds().toString());
    Explanation of64 = why.at(Map.of("batch", 64L, "unknown", 2L));
    assertEquals(Dim.of(192), of64.work(contract).multiplyAdds());
    assertTrue(of64.moved(contract).isConstant());
    assertTrue(of64.moved(contract).constant() <= of64.work(contract).bytes().constant());
  }

  @Test
  void everyStepIsOfAKernelAndEveryArrayKnowsWhoLiesInItWhen() {
    int reused = 0;
    for (long seed = 0; seed < GRAPHS; seed++) {
      Explanation why =
          Explanation.of(RandomGraphs.generate(seed, RandomGraphs.Options.CAREFUL).graph());
      Set<Node> nodes = new HashSet<>();
      Set<ExplainedStep> steps = new HashSet<>();
      for (ExplainedKernel kernel : why.kernels()) {
        kernel.nodes().forEach(node -> assertTrue(nodes.add(node), () -> "in two: " + node));
        steps.addAll(kernel.steps());
      }
      why.steps().forEach(
          step -> assertTrue(steps.contains(step) || step.name().equals("copy"), step::toString));
      assertEquals(why.steps().size(), why.ways().size());
      assertEquals(why.compilation().code().ways().size(),
          why.ways().stream().filter(java.util.Optional::isPresent).count());
      for (ExplainedArray array : why.arrays()) {
        if (array.kind().equals("workspace")) {
          assertFalse(array.lodgers().isEmpty(), array::toString);
          for (int i = 1; i < array.lodgers().size(); i++) {
            assertTrue(array.lodgers().get(i - 1).last() < array.lodgers().get(i).first(),
                array::toString);
            reused++;
          }
        }
      }
    }
    assertTrue(reused > GRAPHS / 4, reused + " arrays lie where another was");
  }

  @Test
  void waysAreThoseOfTheProgram() {
    Explanation why = Explanation.of(gradient());
    List<StepWay> told = why.compilation().code().ways();
    List<String> found = new ArrayList<>();
    for (ExplainedStep step : why.steps()) {
      why.ways().get(step.number())
          .ifPresent(way -> found.add(step.name() + " " + step.kernel() + " " + way));
    }
    assertEquals(told.stream().map(way -> way.step() + " " + way.kernel() + " " + way.way())
        .toList(), found);
  }

  @Test
  void everyNodeHasItsLine() {
    for (long seed = 0; seed < GRAPHS; seed++) {
      Graph graph = RandomGraphs.generate(seed, RandomGraphs.Options.CAREFUL).graph();
      GraphLines lines = new GraphLines(graph);
      for (Graph block : lines.blocks()) {
        for (Node node : block.schedule().subList(block.inputs().size(),
            block.schedule().size())) {
          assertTrue(lines.line(node).startsWith(lines.name(node) + " = " + node.op().mnemonic()),
              () -> lines.line(node) + " is not of " + node);
        }
      }
    }
  }

  @Test
  void theReportIsTheSameForEveryRun() {
    String report = Explanation.of(gradient()).toString();
    assertEquals(report, Explanation.of(gradient()).toString());
    for (String part : List.of("# Passes", "stabilize: ", "  + ", "# Kernels", "not with kernel ",
        " multiply-adds", "# Arrays", "workspace ", "# Listing", "bytes of bytecode")) {
      assertTrue(report.contains(part), () -> "no '" + part + "' in\n" + report);
    }
  }

  @Test
  void aPageIsWrittenWhollyOrNotAtAll(@TempDir Path folder) throws Exception {
    Explanation why = Explanation.of(NEURON);
    Path file = folder.resolve("page.html");
    why.write(file);
    assertEquals(why.html(), Files.readString(file));
    assertEquals(why.html(), Explanation.of(NEURON).html(), "the same page for every run");
    Path nowhere = folder.resolve("missing").resolve("page.html");
    String message = assertThrows(DataException.class, () -> why.write(nowhere)).getMessage();
    assertTrue(message.contains(nowhere.toString()), message);
    assertFalse(Files.exists(nowhere));
  }
}
