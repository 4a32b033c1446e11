package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compilation;
import io.kotangent.bytecode.Compiler;
import io.kotangent.bytecode.SimdUse;
import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Training;
import io.kotangent.ir.Graph;
import io.kotangent.plan.Plan;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A program keeps what running needs, and runs allocate nothing.
class RunMemoryTest {
  private static final int PROGRAMS = 12;
  private static final int MOST_BYTES = 300_000;

  private record Batch() implements Axis.Symbolic<Batch> {
  }

  private interface Pixel {
  }

  private interface Hidden {
  }

  private interface Digit {
  }

  private static Training digits(int width) {
    Model model = Model.named("digits");
    var batch = new Batch();
    var pixel = Axis.of(Pixel.class, 784);
    var hidden = Axis.of(Hidden.class, width);
    var digit = Axis.of(Digit.class, 10);
    var label = model.ids("y", batch, digit);
    var logits = model.input("x", batch, pixel)
        .matmul(model.parameter("w1", pixel, hidden)).plus(model.parameter("b1", hidden)).relu()
        .matmul(model.parameter("w2", hidden, digit)).plus(model.parameter("b2", digit));
    return model.minimize(logits.crossEntropy(label).mean(), Optimizers.adam(1e-3));
  }

  private static CompileOptions options() {
    return CompileOptions.standard().with(SimdUse.WHEN_FASTER);
  }

  /// Sizes are fed in turn, again and again: whatever is found out about each is found out once.
  @Test
  void allocateNothingOnceEachSizeWasThere() {
    Program program = Compiler.compile(digits(16).stepGraph(), options());
    for (int threads = 1; threads <= 2; threads++) {
      for (int[] sizes : new int[][] {{32}, {32, 7}, {1, 2, 3}, {64, 64, 64, 17},
          {3, 1, 4, 1, 5, 9, 2, 6}, {8, 7, 6, 5, 4, 3, 2, 1}}) {
        assertEquals(0, leastBytes(program, threads, sizes),
            threads + " threads, " + Arrays.toString(sizes));
      }
    }
  }

  /// What a round of runs allocates in the calling thread, when compilers and trials have no more to do.
  private static long leastBytes(Program program, int threads, int... sizes) {
    ThreadMXBean clock = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Workspace workspace = program.newWorkspace().threads(threads);
    ModelState state = program.newState();
    float[] x = new float[64 * 784];
    int[] y = new int[64];
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 300 && least > 0; round++) {
      long before = clock.getCurrentThreadAllocatedBytes();
      for (int size : sizes) {
        workspace.feedArray("x", x, size * 784).feedArray("y", y, size);
        program.run(workspace, state);
      }
      least = Math.min(least, clock.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  @Test
  void neitherPlanNorGraphIsKept() throws InterruptedException {
    Graph step = digits(16).stepGraph();
    Compilation made = Compiler.compilation(step, options());
    Program program = made.program();
    WeakReference<Plan> plan = new WeakReference<>(made.plan());
    WeakReference<Graph> graph = new WeakReference<>(step);
    made = null;
    step = null;
    for (int i = 0; i < 50 && !(plan.refersTo(null) && graph.refersTo(null)); i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertTrue(plan.refersTo(null), "the plan is kept");
    assertTrue(graph.refersTo(null), "the graph is kept");
    assertEquals("digits_step", program.name());
  }

  /// Each has kernels of its own.
  @Test
  void aTrainingProgramIsSmall() throws InterruptedException {
    List<Program> programs = new ArrayList<>();
    programs.add(Compiler.compile(digits(20).stepGraph(), options()));
    long before = used();
    for (int i = 0; i < PROGRAMS; i++) {
      programs.add(Compiler.compile(digits(21 + i).stepGraph(), options()));
    }
    long each = (used() - before) / PROGRAMS;
    assertTrue(each <= MOST_BYTES, each + " bytes a program");
    assertEquals(PROGRAMS + 1, programs.size());
  }

  private static long used() throws InterruptedException {
    for (int i = 0; i < 4; i++) {
      System.gc();
      Thread.sleep(20);
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
