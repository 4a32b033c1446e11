package io.kotangent.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.eval.Evaluation;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.loop.ArrayParam;
import io.kotangent.plan.lower.Planner;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/// What holds for the plans of every graph: with any plan pass skipped they yield the same bits, which are near what the
/// interpreter says, whatever was in the workspace before; their kernels are tidy ([KernelLaw]); every array is used.
public final class PlanLaw {
  private PlanLaw() {
  }

  /// Asserts the law for sizes of the symbol `b`, and the names of the steps of the plan with all passes but that which
  /// takes long sums of few results apart ([ChunkedSumTest]).
  public static Plan becomes(String text, int[] sizes, String... steps) {
    Graph graph = GraphParser.parse(text).getLast();
    Plan plan = Planner.plan(graph,
        new PlanOptions(Optional.empty(), Set.of(PlanPass.CHUNK_TOTALS)));
    assertEquals(List.of(steps), names(plan.steps()), () -> PlanPrinter.print(plan));
    holds(graph, sizes);
    return plan;
  }

  public static void holds(Graph graph, int... sizes) {
    List<PlanOptions> all = new ArrayList<>(List.of(PlanOptions.STANDARD));
    for (PlanPass pass : PlanPass.values()) {
      all.add(new PlanOptions(Optional.empty(), Set.of(pass)));
    }
    Plan plain = Planner.plan(graph, PlanOptions.plain());
    isTidy(plain);
    List<PlanRun> expected = new ArrayList<>();
    for (int size : sizes) {
      PlanRun run = run(plain, graph, size);
      isNear(graph, size, run);
      expected.add(run);
    }
    Set<List<Step>> seen = new HashSet<>();
    for (PlanOptions options : all) {
      Plan plan = Planner.plan(graph, options);
      if (seen.add(plan.steps())) {
        isTidy(plan);
        for (int i = 0; i < sizes.length; i++) {
          int size = sizes[i];
          assertEquals(expected.get(i), run(plan, graph, size), () -> "skipped "
              + options.skipped() + ", b = " + size + "\n" + PlanPrinter.print(plan));
        }
      }
    }
    for (int bits : new int[] {0, 128, 512}) {
      isSharedWell(graph,
          PlanOptions.STANDARD.withVectors(bits).withAligned().everywhere().withLeastPart(1),
          sizes, expected, bits / 128 % 2 == 0);
    }
  }

  /// Several threads, and SIMD code where there is some, leave the same bits.
  private static void isSharedWell(Graph graph, PlanOptions options, int[] sizes,
      List<PlanRun> expected, boolean lastFirst) {
    Plan plan = Planner.plan(graph, options);
    isTidy(plan);
    for (int i = 0; i < sizes.length; i++) {
      Map<String, Long> symbols = Map.of("b", (long) sizes[i]);
      PlanRun run = PlanRun.run(plan, p -> new SharedRun(p, lastFirst ? 2 : 3, lastFirst), graph,
          inputs(graph, symbols), symbols);
      int size = sizes[i];
      assertEquals(expected.get(i), run,
          () -> options + ", b = " + size + "\n" + PlanPrinter.print(plan));
    }
  }

  private static PlanRun run(Plan plan, Graph graph, int size) {
    Map<String, Long> symbols = Map.of("b", (long) size);
    return PlanRun.interpreted(plan, graph, inputs(graph, symbols), symbols);
  }

  private static void isNear(Graph graph, int size, PlanRun run) {
    Map<String, Long> symbols = Map.of("b", (long) size);
    Evaluation meaning = Interpreter.run(graph, inputs(graph, symbols), symbols);
    assertEquals(meaning.committed(), run.committed());
    run.arrays().forEach((name, value) -> {
      TensorValue expected =
          meaning.results().containsKey(name) ? meaning.result(name) : meaning.state().get(name);
      double tolerance =
          (value.dtype() == DType.F32 ? 1e-5 : 1e-9) * Math.max(1, meaning.largest());
      assertEquals(expected.size(), value.size(), name);
      for (int i = 0; i < value.size(); i++) {
        if (value.dtype().isFloat()) {
          assertEquals(expected.real(i), value.real(i), tolerance, name + "[" + i + "], " + size);
        } else {
          assertEquals(expected.integer(i), value.integer(i), name + "[" + i + "], " + size);
        }
      }
    });
  }

  /// Random inputs: integers are small, or in the range of the port.
  public static Map<String, TensorValue> inputs(Graph graph, Map<String, Long> symbols) {
    SplittableRandom random = new SplittableRandom(5);
    Map<String, TensorValue> inputs = new LinkedHashMap<>();
    for (Port port : graph.ports()) {
      int[] dims = port.type().shape().evaluate(symbols);
      int size = 1;
      for (int dim : dims) {
        size *= dim;
      }
      long low = port.range().map(r -> r.low()).orElse(1L);
      long high = port.range().map(r -> r.high()).orElse(3L);
      Object array = port.type().dtype().newArray(size);
      for (int i = 0; i < size; i++) {
        switch (array) {
          case double[] a -> a[i] = random.nextDouble() * 2 - (port.role() == Role.STATE ? 0.5 : 1);
          case float[] a -> a[i] = (float) random.nextDouble() * 2 - 0.9f;
          case int[] a -> a[i] = (int) random.nextLong(low, high + 1);
          case long[] a -> a[i] = random.nextLong(low, high + 1);
          case boolean[] a -> a[i] = random.nextInt(4) != 0;
          default -> throw new AssertionError(port);
        }
      }
      inputs.put(port.name(), TensorValue.of(port.type().dtype(), dims, array));
    }
    return inputs;
  }

  // ---- texts

  public static List<String> names(List<Step> steps) {
    List<String> names = new ArrayList<>();
    for (Step step : steps) {
      switch (step) {
        case Step.Run run -> names.add(run.name());
        case Step.Barrier _ -> {
          // has no name
        }
        case Step.Repeat repeat -> names.add("repeat" + names(repeat.body()));
        case Step.When when -> names.add("when" + names(when.then()) + names(when.otherwise()));
      }
    }
    return names;
  }

  /// The listing, with neutral names of kernels.
  public static String listing(Plan plan) {
    return PlanPrinter.print(plan).replaceAll("kernel_[0-9a-f]{12}", "K");
  }

  /// The workspace arrays that hold something, as `f64[9*b]`.
  public static List<String> workspace(Plan plan) {
    return plan.signature().arrays().stream().filter(a -> a.kind() == ArraySlot.Kind.WORKSPACE)
        .map(a -> a.dtype() + "[" + a.length() + "]").sorted().toList();
  }

  // ---- tidiness

  private static void isTidy(Plan plan) {
    Set<Buffer> mentioned = new HashSet<>();
    plan.guard().ifPresent(flag -> mentioned.add(flag.buffer()));
    visit(plan.steps(), mentioned);
    for (Buffer buffer : plan.buffers()) {
      boolean own = buffer.slot().kind() == ArraySlot.Kind.CONSTANT
          || buffer.slot().kind() == ArraySlot.Kind.RESULT;
      assertTrue(!own || mentioned.contains(buffer),
          () -> buffer + " is not used\n" + PlanPrinter.print(plan));
      assertEquals(buffer, plan.buffers().get(buffer.index()));
      assertEquals(buffer.slot(), plan.signature().arrays().get(buffer.index()));
    }
  }

  private static void visit(List<Step> steps, Set<Buffer> mentioned) {
    for (Step step : steps) {
      switch (step) {
        case Step.Run run -> {
          KernelLaw.check(run.kernel());
          assertEquals(run.kernel().arrays().size(), run.arguments().size(), run.name());
          assertEquals(run.kernel().ints().size(), run.ints().size(), run.name());
          for (int i = 0; i < run.arguments().size(); i++) {
            ArrayParam array = run.kernel().arrays().get(i);
            Step.Argument argument = run.arguments().get(i);
            assertEquals(array.dtype(), argument.buffer().slot().dtype(), run.name());
            assertTrue(!array.whole() || argument.offset().is(0), run.name());
            mentioned.add(argument.buffer());
          }
        }
        case Step.Barrier _ -> {
          // mentions nothing
        }
        case Step.Repeat repeat -> visit(repeat.body(), mentioned);
        case Step.When when -> {
          mentioned.add(when.flag().buffer());
          visit(when.then(), mentioned);
          visit(when.otherwise(), mentioned);
        }
      }
    }
  }
}
