package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.ir.Basic;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.Kernels;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.plan.Plan;
import io.kotangent.plan.Plans;
import io.kotangent.plan.Step;
import io.kotangent.type.DType;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnloadingTest {
  private static final int CYCLES = 10_000;

  @Test
  void tenThousandCompiledAndDroppedProgramsLeaveNoClassBehind() throws InterruptedException {
    KernelCache cache = new KernelCache();
    for (int i = 0; i < 20; i++) {
      cycle(cache, -i);
    }
    ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
    settle(cache);
    int before = classes.getLoadedClassCount();
    long total = classes.getTotalLoadedClassCount();
    long start = System.nanoTime();
    for (int i = 0; i < CYCLES; i++) {
      cycle(cache, i + 1);
    }
    long nanos = System.nanoTime() - start;
    long loaded = classes.getTotalLoadedClassCount() - total;
    settle(cache);
    int after = classes.getLoadedClassCount();
    System.out.printf(
        "%d programs compiled and dropped in %d ms: %d classes loaded, %d before, %d after%n",
        CYCLES,
        nanos / 1_000_000, loaded, before, after);
    assertTrue(loaded >= 3L * CYCLES, loaded + " classes loaded");
    assertTrue(after - before <= 10, (after - before) + " classes left behind");
    assertTrue(cache.size() == 0, cache.size() + " kernels left in the cache");
  }

  /// A program with a kernel of its own.
  private static void cycle(KernelCache cache, int number) {
    Plan plan = Plans.quotient();
    ArrayParam in = Kernels.array("a0", DType.I32, ArrayParam.Access.READ);
    ArrayParam other = Kernels.array("a1", DType.I32, ArrayParam.Access.READ);
    ArrayParam out = Kernels.array("a2", DType.I32, ArrayParam.Access.WRITE);
    Local n = Kernels.i32Local("n0");
    Local i = Kernels.i32Local("i0");
    Kernel kernel = new Kernel(List.of(in, other, out), List.of(n), List.of(),
        List.of(Kernels.loop(i, Value.ref(n),
            new Stmt.Store(out, Value.ref(i),
                Value.apply(Basic.ADD, Kernels.load(in, Value.ref(i)), Value.i32(number))))));
    Step.Run run = (Step.Run) plan.steps().getFirst();
    Plan changed = new Plan("cycle", plan.signature(), plan.buffers(),
        List.of(new Step.Run("add", kernel, run.arguments(), run.ints(), List.of())), plan.guard());
    int[] result = new int[1];
    GeneratedCode.of(changed, cache).run(new Object[] {new int[] {5}, new int[1], result},
        new int[] {1});
    assertTrue(result[0] == 5 + number);
  }

  private static void settle(KernelCache cache) throws InterruptedException {
    for (int i = 0; i < 50; i++) {
      System.gc();
      Thread.sleep(20);
      if (cache.size() == 0 && i > 3) {
        return;
      }
    }
  }
}
