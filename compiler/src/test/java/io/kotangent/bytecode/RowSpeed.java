package io.kotangent.bytecode;

import io.kotangent.bytecode.emit.Emission;
import io.kotangent.bytecode.load.KernelClass;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelPrinter;
import io.kotangent.loop.Kernels;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/// Prints how fast emitted kernels are: GFLOP/s of a contraction in row form, time an element of a fused loop.
final class RowSpeed {
  private RowSpeed() {
  }

  public static void main(String[] args) throws Throwable {
    for (int t : new int[] {1, 2, 4}) {
      contraction(t);
    }
    elementwise();
  }

  private static void contraction(int t) throws Throwable {
    int n = 100;
    int k = 100;
    int rows = 32;
    Kernel kernel = Kernels.rowContraction(t, n, k);
    if (t == 2) {
      System.out.println(KernelPrinter.print(kernel));
    }
    KernelClass emitted = KernelRuns.load(kernel, Emission.BUDGET);
    MethodHandle entry = MethodHandles.lookup().unreflect(KernelRuns.entry(emitted));
    Object[] arguments = new Object[6 + t + 4 + 1];
    float[][] matrices = {new float[rows * k], new float[k * n], new float[rows * n]};
    for (int i = 0; i < 3; i++) {
      java.util.Arrays.fill(matrices[i], 0.01f);
      arguments[2 * i] = matrices[i];
      arguments[2 * i + 1] = 0;
    }
    for (int i = 0; i < t + 4; i++) {
      arguments[6 + i] = new float[n];
    }
    arguments[6 + t + 4] = rows;
    MethodHandle bound = MethodHandles.insertArguments(entry, 0, arguments);
    long best = Long.MAX_VALUE;
    for (int run = 0; run < 30; run++) {
      long start = System.nanoTime();
      for (int i = 0; i < 1000; i++) {
        bound.invokeExact();
      }
      best = Math.min(best, System.nanoTime() - start);
    }
    double flops = 2.0 * rows * n * k * 1000;
    System.out.printf("rows of 4x%d, n = k = 100: %.1f GFLOP/s, %.2f us, largest method %d bytes%n",
        t, flops / best, best / 1e6,
        emitted.emitted().largestMethod());
  }

  private static void elementwise() throws Throwable {
    int n = 10_000;
    Kernel kernel = Kernels.elementwise();
    MethodHandle entry =
        MethodHandles.lookup().unreflect(KernelRuns.entry(kernel, Emission.BUDGET));
    float[] a = new float[n];
    float[] b = new float[n];
    float[] c = new float[n];
    long best = Long.MAX_VALUE;
    for (int run = 0; run < 50; run++) {
      long start = System.nanoTime();
      for (int i = 0; i < 1000; i++) {
        entry.invokeExact(a, b, c, n);
      }
      best = Math.min(best, System.nanoTime() - start);
    }
    System.out.printf("fused elementwise, n = %d: %.3f ns an element%n", n, best / 1e3 / n);
  }
}
