package io.kotangent.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.bytecode.Compilation;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Op;
import io.kotangent.plan.EveryWay;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.rewrite.RetypeFloats;
import io.kotangent.runtime.Program;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The laws of programs on random graphs: compiled code yields the bits of its plan, the plan yields what the graph
/// means, and no pass changes a bit.
class RandomProgramsTest {
  /// Graphs with all their gradients.
  private static final int GRAPHS = 2000;
  private static final int WILD_GRAPHS = 400;
  private static final int PASS_GRAPHS = 400;
  private static final int LONG_GRAPHS = 400;

  private static Outcome interpreted(Plan plan, Map<String, TensorValue> inputs,
      Map<String, Long> symbols) {
    return Outcome.of(Program.of(plan.signature(), new PlanInterpreter(plan)), inputs, symbols);
  }

  private static Graph gradients(RandomGraph sample) {
    return Gradient.gradients(sample.graph(), "loss", sample.parameters());
  }

  private static void assertSame(Outcome expected, Outcome got, RandomGraph sample, String what) {
    String difference = expected.difference(got);
    assertTrue(difference.isEmpty(),
        () -> what + " differ in " + difference + "\n" + sample.describe());
  }

  @Test
  void compiledGradientsHaveTheBitsOfTheirPlans() {
    for (long seed = 0; seed < GRAPHS; seed++) {
      RandomGraph sample = RandomGraphs.generate(seed, RandomGraphs.Options.LOSS);
      Compilation compiled = Compiler.compilation(gradients(sample), CompileOptions.standard());
      assertSame(interpreted(compiled.plan(), sample.inputs(), sample.symbols()),
          Outcome.of(compiled.program(), sample.inputs(), sample.symbols()), sample,
          "plan and program");
    }
  }

  /// Not-a-numbers, infinities, negative zeros and ties, and one program for all sizes.
  @Test
  void compiledProgramsHaveTheBitsOfTheirPlansForEveryBatchSize() {
    for (long seed = 0; seed < WILD_GRAPHS; seed++) {
      RandomGraph sample = RandomGraphs.generate(seed, RandomGraphs.Options.WILD);
      Compilation compiled = Compiler.compilation(sample.graph(), CompileOptions.standard());
      assertSame(interpreted(compiled.plan(), sample.inputs(), sample.symbols()),
          Outcome.of(compiled.program(), sample.inputs(), sample.symbols()), sample,
          "plan and program");
      for (long batch : new long[] {0, 1, 2, 7}) {
        Map<String, Long> sizes = Map.of("batch", batch);
        Map<String, TensorValue> inputs = sample.inputs(sizes, seed);
        assertSame(interpreted(compiled.plan(), inputs, sizes),
            Outcome.of(compiled.program(), inputs, sizes), sample,
            "plan and program for batch " + batch);
      }
    }
  }

  @Test
  void plansInDoublePrecisionAgreeWithTheMeaning() {
    int rejected = 0;
    for (long seed = 0; seed < GRAPHS; seed++) {
      RandomGraph sample = RandomGraphs.generate(seed, RandomGraphs.Options.LOSS);
      Graph graph = RetypeFloats.apply(gradients(sample), DType.F64);
      Map<String, TensorValue> inputs = new LinkedHashMap<>();
      sample.inputs().forEach((name, value) -> inputs.put(name, value.withFloats(DType.F64)));
      Evaluation meaning = Interpreter.run(graph, inputs, sample.symbols());
      if (isIllConditioned(graph, inputs, sample, meaning)) {
        rejected++;
        continue;
      }
      Outcome got =
          interpreted(Compiler.plan(graph, CompileOptions.standard()), inputs, sample.symbols());
      assertEquals(meaning.committed(), got.committed(), sample::describe);
      compare(meaning.results(), got.results(), meaning.largest(), sample, graph);
      compare(meaning.state(), got.state(), meaning.largest(), sample, graph);
    }
    System.out.println(rejected + " of " + GRAPHS + " random graphs rejected as ill-conditioned");
    assertTrue(rejected < GRAPHS / 5, "rejected " + rejected);
  }

  /// Half of them with gradients; axes of 32 to 300 elements.
  @Test
  void plansOfLongAxesAgreeWithTheMeaningInEveryWay() {
    EveryWay ways = new EveryWay();
    int rejected = 0;
    int cuts = 0;
    for (long seed = 0; seed < LONG_GRAPHS; seed++) {
      boolean loss = seed % 2 == 0;
      RandomGraph sample = RandomGraphs.generate(seed,
          (loss ? RandomGraphs.Options.LOSS : RandomGraphs.Options.CAREFUL).withNodes(30).inLong());
      Graph graph = RetypeFloats.apply(loss ? gradients(sample) : sample.graph(), DType.F64);
      Map<String, TensorValue> inputs = new LinkedHashMap<>();
      sample.inputs().forEach((name, value) -> inputs.put(name, value.withFloats(DType.F64)));
      if (isIllConditioned(graph, inputs, sample,
          Interpreter.run(graph, inputs, sample.symbols()))) {
        rejected++;
        continue;
      }
      cuts += graph.schedule().stream().anyMatch(n -> n.op() instanceof Op.Slice) ? 1 : 0;
      Graph optimized = Compiler.optimize(graph, CompileOptions.standard());
      assertEquals(List.of(), ways.faults(graph, optimized, inputs, sample.symbols()),
          () -> sample.describe() + "\n" + GraphPrinter.print(optimized));
    }
    System.out.println(LONG_GRAPHS + " graphs of long axes, " + cuts + " with slices, " + rejected
        + " ill-conditioned, runs " + ways.runs());
    assertTrue(rejected < LONG_GRAPHS / 5 && cuts > LONG_GRAPHS / 10, rejected + ", " + cuts);
  }

  private static void compare(Map<String, TensorValue> meaning, Map<String, Object> got,
      double largest,
      RandomGraph sample,
      Graph graph) {
    meaning.forEach((name, expected) -> {
      TensorValue tensor = TensorValue.of(expected.dtype(), expected.dims(),
          java.util.Objects.requireNonNull(got.get(name), name));
      double tolerance = expected.dtype().isFloat() ? 1e-9 * Math.max(1, largest) : 0;
      for (int i = 0; i < expected.size(); i++) {
        assertEquals(expected.real(i), tensor.real(i), tolerance,
            () -> name + "\n" + sample.describe() + "\n" + GraphPrinter.print(graph));
      }
    });
  }

  /// Whether a result moves by more than 1e-10 of the largest value when inputs move by 1e-15.
  private static boolean isIllConditioned(Graph graph, Map<String, TensorValue> inputs,
      RandomGraph sample, Evaluation meaning) {
    SplittableRandom random = new SplittableRandom(sample.seed());
    Map<String, TensorValue> moved = new LinkedHashMap<>();
    inputs.forEach((name, value) -> {
      TensorValue other = TensorValue.of(value.dtype(), value.dims(), value.toArray());
      for (int i = 0; i < value.size() && value.dtype().isFloat(); i++) {
        other.put(i, value.real(i) + (random.nextBoolean() ? 1e-15 : -1e-15));
      }
      moved.put(name, other);
    });
    Evaluation near = Interpreter.run(graph, moved, sample.symbols());
    double tolerance = 1e-10 * Math.max(1, meaning.largest());
    for (String name : meaning.results().keySet()) {
      TensorValue a = meaning.result(name);
      TensorValue b = near.result(name);
      for (int i = 0; i < a.size(); i++) {
        if (!(Math.abs(a.real(i) - b.real(i)) <= tolerance)) {
          return true;
        }
      }
    }
    return false;
  }

  /// All on, all off, and for each graph another one off.
  @Test
  void noPassChangesABit() {
    List<String> names = new ArrayList<>(Compiler.passNames());
    names.remove("stabilize");
    String[] all = names.toArray(String[]::new);
    CompileOptions standard = CompileOptions.standard().stabilize(false);
    for (int seed = 0; seed < PASS_GRAPHS; seed++) {
      RandomGraph sample = RandomGraphs.generate(seed, RandomGraphs.Options.LOSS);
      Graph graph = gradients(sample);
      Outcome expected =
          interpreted(Compiler.plan(graph, standard), sample.inputs(), sample.symbols());
      assertSame(expected,
          interpreted(Compiler.plan(graph, standard.without(all)), sample.inputs(),
              sample.symbols()),
          sample, "all passes and none");
      String skipped = names.get(seed % names.size());
      assertSame(expected,
          interpreted(Compiler.plan(graph, standard.without(skipped)), sample.inputs(),
              sample.symbols()),
          sample, "all passes and all but " + skipped);
    }
  }
}
