package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.autodiff.RandomLoop;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The bits of random loops and their gradients: contractions that leave a loop keep theirs, and compiled code has those of
/// the plan's interpreter, over any number of iterations and rows.
class LoopBitsTest {
  private static final List<String> INPUTS =
      List.of("h", "c", "x", "image", "w", "u", "v", "bias", "table", "keys", "kernel");

  @Test
  void someLoopsKeepTheirBits() {
    int split = 0;
    for (long seed = 0; seed < 6; seed++) {
      split += law(seed);
    }
    assertTrue(split > 2, "split: " + split);
  }

  @Tag("faults") @Test
  void manyLoopsKeepTheirBits() {
    for (long seed = 100; seed < 600; seed++) {
      law(seed);
    }
  }

  /// @return how many loops were split
  private static int law(long seed) {
    Graph graph = graph(seed);
    CompileOptions options = CompileOptions.standard();
    Compilation whole = Compiler.compilation(graph, options);
    Plan plan = whole.plan();
    Map<String, Program> programs = new LinkedHashMap<>();
    programs.put("unsplit", Compiler.compile(graph, options.without("split-loops")));
    programs.put("plan", Program.of(plan.signature(), new PlanInterpreter(plan)));
    programs.put("plain", Compiler.compile(graph,
        options.without("split-loops", "simplify", "merge-loops", "drop-dead-nodes")));
    for (int[] sizes : new int[][] {{0, 2}, {1, 1}, {2, 3}, {7, 2}}) {
      Map<String, float[]> expected = run(whole.program(), graph, sizes, seed);
      programs.forEach((name, program) -> {
        Map<String, float[]> actual = run(program, graph, sizes, seed);
        expected.forEach((result, bits) -> assertArrayEquals(bits, actual.get(result),
            "seed " + seed + ", " + sizes[0] + " steps of " + sizes[1] + ": " + result + ", "
                + name));
      });
    }
    return whole.report().passes().stream()
        .mapToInt(line -> line.hits().getOrDefault("split-loops", 0)).sum();
  }

  private static Graph graph(long seed) {
    Random random = new Random(seed);
    RandomLoop cell = new RandomLoop(seed, DType.F32, Dim.symbol("rows"));
    GraphBuilder b = new GraphBuilder();
    List<Node> arguments = cell.ports(Dim.symbol("steps")).stream().map(b::input).toList();
    List<Node> items = cell.looped(b, arguments, Dim.symbol("steps"), random.nextBoolean());
    List<Graph.Result> results = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      results.add(new Graph.Result("item" + i, items.get(i)));
    }
    results.add(new Graph.Result("loss", RandomLoop.loss(b, items)));
    Graph forward = b.graph("cell", arguments, results);
    List<String> reached = new ArrayList<>();
    for (String input : INPUTS) {
      try {
        Gradient.gradients(forward, "loss", List.of(input));
        reached.add(input);
      } catch (io.kotangent.autodiff.GradientException unreached) {
        // this cell does without
      }
    }
    return Gradient.gradients(forward, "loss", reached);
  }

  private static Map<String, float[]> run(Program program, Graph graph, int[] sizes, long seed) {
    Workspace workspace = program.newWorkspace();
    Random random = new Random(seed);
    Map<String, Long> symbols = Map.of("steps", (long) sizes[0], "rows", (long) sizes[1]);
    for (Port port : graph.ports()) {
      int size = (int) port.type().shape().size().evaluate(symbols);
      if (port.type().dtype().isFloat()) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
          values[i] = random.nextFloat(-1, 1);
        }
        workspace.feed(port.name(), values);
      } else {
        workspace.feed(port.name(), random.ints(size, 0, 4).toArray());
      }
    }
    program.run(workspace, ModelState.NONE);
    Map<String, float[]> results = new LinkedHashMap<>();
    graph.results().forEach(r -> results.put(r.name(), workspace.floats(r.name())));
    return results;
  }
}
