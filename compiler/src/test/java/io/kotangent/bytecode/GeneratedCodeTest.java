package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.emit.Emission;
import io.kotangent.bytecode.emit.KernelEmitter;
import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.bytecode.load.KernelClass;
import io.kotangent.bytecode.load.Machine;
import io.kotangent.ir.Graph;
import io.kotangent.plan.Buffer;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.plan.PlanLaw;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanRun;
import io.kotangent.plan.Plans;
import io.kotangent.plan.Step;
import io.kotangent.plan.lower.Planner;
import io.kotangent.runtime.Code;
import io.kotangent.text.GraphParser;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GeneratedCodeTest {
  @Test
  void runsAsTheInterpreterDoes() {
    for (int budget : new int[] {Emission.BUDGET, 300}) {
      Plan plan = Plans.rows();
      GeneratedCode code =
          GeneratedCode.of(plan, new KernelCache(Emission.of(Machine.target()).withBudget(budget)));
      for (int rows : new int[] {0, 1, 2, 7}) {
        for (boolean flag : new boolean[] {true, false}) {
          float[] expected = new float[rows * 4];
          float[] actual = new float[rows * 4];
          assertEquals(flag, rows(new PlanInterpreter(plan), rows, flag, expected));
          assertEquals(flag, rows(code, rows, flag, actual));
          assertArrayEquals(expected, actual);
        }
      }
    }
  }

  private static boolean rows(Code code, int rows, boolean flag, float[] result) {
    float[] x = new float[rows * 4];
    float[] y = new float[rows * 4];
    for (int i = 0; i < x.length; i++) {
      x[i] = i - 3.5f;
      y[i] = 1f / (i + 1);
    }
    return code.run(new Object[] {x, y, new boolean[] {flag}, result}, new int[] {rows});
  }

  @Test
  void aFailureNamesTheStepAndItsTraceShowsBothClasses() {
    GeneratedCode code = GeneratedCode.of(Plans.quotient(), new KernelCache());
    Object[] arrays = {new int[] {7, 7}, new int[] {2, 0}, new int[2]};
    KotangentException e =
        assertThrows(KotangentException.class, () -> code.run(arrays, new int[] {2}));
    assertEquals(
        "quotient: integer division by zero in step 'div' (quotient.ir:5): every divisor must be nonzero, also "
            + "where a select discards the quotient; guard the divisor",
        e.getMessage());
    StackTraceElement[] trace = e.getCause().getStackTrace();
    String id = code.kernels().iterator().next().listing().id();
    assertEquals("kernel_" + id + ".run(kernel-" + id + ".ir:3)", shown(trace[0]));
    assertEquals("Quotient.run(quotient.ir:5)", shown(trace[1]));
    assertTrue(code.listing().lines().toList().get(4).contains("div: kernel_" + id),
        code.listing());
  }

  private static String shown(StackTraceElement frame) {
    return frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName() + ":"
        + frame.getLineNumber() + ")";
  }

  @Test
  void aFailureInHotCodeStillNamesTheStep() {
    GeneratedCode code = GeneratedCode.of(Plans.quotient(), new KernelCache());
    int n = 1000;
    int[] divisors = new int[n];
    Arrays.fill(divisors, 3);
    Object[] arrays = {new int[n], divisors, new int[n]};
    int unnamed = 0;
    for (int i = 0; i < 30_000; i++) {
      divisors[n - 1] = i % 3 == 0 ? 0 : 1;
      try {
        code.run(arrays, new int[] {n});
      } catch (KotangentException e) {
        unnamed += e.getMessage().contains("in step 'div' (quotient.ir:5)") ? 0 : 1;
      }
    }
    assertEquals(0, unnamed);
  }

  @Test
  void programsShareKernelClassesUntilTheLastIsDropped() throws InterruptedException {
    KernelCache cache = new KernelCache();
    List<GeneratedCode> programs = new ArrayList<>(List.of(GeneratedCode.of(Plans.rows(), cache),
        GeneratedCode.of(Plans.rows(), cache)));
    assertSame(kernel(programs.get(0)).type(), kernel(programs.get(1)).type());
    assertNotSame(programs.get(0).classes().getFirst(), programs.get(1).classes().getFirst());
    assertEquals(1, cache.size());
    programs.removeFirst();
    collect();
    assertEquals(1, cache.size(), "one program left");
    assertTrue(rows(programs.getFirst(), 2, true, new float[8]));
    programs.clear();
    for (int i = 0; i < 50 && cache.size() > 0; i++) {
      collect();
    }
    assertEquals(0, cache.size(), "no program left");
  }

  private static KernelClass kernel(GeneratedCode code) {
    return code.kernels().iterator().next();
  }

  private static void collect() throws InterruptedException {
    System.gc();
    Thread.sleep(20);
  }

  @Test
  void fiftyThousandSteps() {
    Plan small = Plans.rows();
    Step.Run first = run(small.steps());
    List<Step> steps = new ArrayList<>();
    List<Buffer> buffers = small.buffers();
    for (int i = 0; i < 50_000; i++) {
      Dim offset = Dim.of(i % 1000 * 40L);
      steps.add(new Step.Run("step", first.kernel(),
          List.of(new Step.Argument(buffers.get(i % 2 == 0 ? 0 : 3), offset),
              new Step.Argument(buffers.get(1), offset),
              new Step.Argument(buffers.get(i % 2 == 0 ? 3 : 0), offset)),
          List.of(Dim.of(4)), List.of()));
    }
    Plan plan = new Plan("large", small.signature(), buffers, steps, small.guard());
    long start = System.nanoTime();
    GeneratedCode code = GeneratedCode.of(plan, new KernelCache());
    long nanos = System.nanoTime() - start;
    System.out.printf("50 000 steps: %d ms, %d methods, largest %d bytes%n", nanos / 1_000_000,
        code.classes().stream().mapToInt(each -> each.methods().size()).sum(),
        code.largestMethod());
    assertTrue(code.largestMethod() <= KernelEmitter.HARD_LIMIT);
    float[] expected = new float[40_004];
    float[] actual = new float[40_004];
    assertEquals(rows(new PlanInterpreter(plan), 10_001, true, expected),
        rows(code, 10_001, true, actual));
    assertArrayEquals(expected, actual);
    assertFalse(Arrays.equals(actual, new float[40_004]));
  }

  private static Step.Run run(List<Step> steps) {
    return switch (steps.getFirst()) {
      case Step.Run run -> run;
      case Step.Barrier _ -> throw new AssertionError("no barrier expected");
      case Step.Repeat repeat -> run(repeat.body());
      case Step.When when -> run(when.then());
    };
  }

  @Test
  void aFailureBeyondTheLastLineNumberNamesThePart() {
    Plan small = Plans.quotient();
    List<Step> steps = new ArrayList<>();
    Step.Run div = run(small.steps());
    List<Step.Argument> turned =
        List.of(div.arguments().get(1), div.arguments().get(0), div.arguments().get(2));
    for (int i = 0; i < 70_000; i++) {
      steps.add(
          i == 69_000 ? new Step.Run("turned", div.kernel(), turned, div.ints(), List.of()) : div);
    }
    Plan plan = new Plan("large", small.signature(), small.buffers(), steps, small.guard());
    GeneratedCode code = GeneratedCode.of(plan, new KernelCache());
    Object[] arrays = {new int[] {0}, new int[] {1}, new int[1]};
    KotangentException e =
        assertThrows(KotangentException.class, () -> code.run(arrays, new int[] {1}));
    assertTrue(e.getMessage().matches(
        "(?s)large: integer division by zero in a step of lines 6\\d{4} to 6\\d{4} of large.ir.*"),
        e.getMessage());
  }

  @Test
  void tellsWhichWayEachStepTakes() {
    Graph graph = GraphParser.parse("""
        graph sums(a: input f32[4096], b: input f32[4096]) {
          %0 = add a, b                : f32[4096]
          %1 = reverse[axes=0] %0      : f32[4096]
          return c=%1
        }
        """).getFirst();
    Plan plan = Planner.plan(graph, PlanOptions.STANDARD.withVectors(128).everywhere());
    for (SimdUse use : new SimdUse[] {SimdUse.NEVER, SimdUse.ALWAYS}) {
      GeneratedCode code = GeneratedCode.of(plan, new KernelCache(), use);
      assertEquals(List.of("add: PLAIN", "reverse: ONLY"), ways(code), "before it has run");
      PlanRun.run(plan, _ -> code, graph, PlanLaw.inputs(graph, Map.of()), Map.of());
      boolean simd = use == SimdUse.ALWAYS && Machine.target().vectorBits() > 0;
      assertEquals(List.of("add: " + (simd ? "SIMD" : "PLAIN"), "reverse: ONLY"), ways(code));
      code.ways().forEach(way -> assertTrue(code.listing().contains(way.kernel()), way::toString));
    }
  }

  private static List<String> ways(GeneratedCode code) {
    return code.ways().stream().map(way -> way.step() + ": " + way.way()).toList();
  }
}
