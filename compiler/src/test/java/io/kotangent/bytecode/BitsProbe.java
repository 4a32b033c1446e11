package io.kotangent.bytecode;

import io.kotangent.plan.PlanPrinter;

/// Compiles random graphs with vectors of the width that this JVM has, runs each some times by 1, 2 and 4 threads, and prints a
/// fingerprint of each graph; run in several JVMs, which must print the same.
///
/// ```
/// java … io.kotangent.bytecode.BitsProbe FIRST COUNT RUNS
/// ```
final class BitsProbe {
  private static final int[] THREADS = {1, 2, 4};

  private int simd;
  private int shared;
  private int runs;

  private BitsProbe() {
  }

  public static void main(String[] args) {
    BitsProbe probe = new BitsProbe();
    int first = Integer.parseInt(args[0]);
    int count = Integer.parseInt(args[1]);
    int times = Integer.parseInt(args[2]);
    for (int seed = first; seed < first + count; seed++) {
      System.out.printf("graph %d %016x%n", seed, probe.fingerprint(seed, times));
    }
    System.out.printf("vectors of %d bits: %d graphs, %d in SIMD, %d shared, %d runs%n",
        Simd.bits(), count, probe.simd, probe.shared, probe.runs);
  }

  private long fingerprint(int seed, int times) {
    RandomProgram program = RandomProgram.of(seed, SimdUse.ofProperty().bits());
    long[] expected = new long[program.batches().size()];
    long all = seed;
    for (int i = 0; i < expected.length; i++) {
      expected[i] = program.run(1, program.batches().get(i));
      all = all * 31 + expected[i];
      runs++;
    }
    for (int time = 0; time < times; time++) {
      for (int threads : THREADS) {
        for (int i = 0; i < expected.length; i++) {
          long actual = program.run(threads, program.batches().get(i));
          runs++;
          if (actual != expected[i]) {
            throw new AssertionError("seed " + seed + ", run " + runs + ": " + threads
                + " threads, batch " + program.batches().get(i) + "\n" + program.describe()
                + PlanPrinter.print(program.plan()));
          }
        }
      }
    }
    simd += program.usedSimd() ? 1 : 0;
    shared += program.shared() > 0 ? 1 : 0;
    return all;
  }
}
