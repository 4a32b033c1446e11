package io.kotangent.bytecode;

import io.kotangent.bytecode.load.Machine;
import io.kotangent.plan.PlanPrinter;
import java.util.Map;
import java.util.TreeMap;

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
  private long making;
  private final Map<Integer, Long> running = new TreeMap<>();

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
        Machine.target().vectorBits(), count, probe.simd, probe.shared, probe.runs);
    System.out.printf("compiled in %d ms, run in %s µs by threads%n", probe.making / 1_000_000,
        probe.running);
  }

  private long fingerprint(int seed, int times) {
    long start = System.nanoTime();
    RandomProgram program =
        RandomProgram.of(seed, SimdUse.ofProperty().target(Machine.target()).vectorBits());
    making += System.nanoTime() - start;
    long[] expected = new long[program.batches().size()];
    long all = 1;
    for (int i = 0; i < expected.length; i++) {
      expected[i] = program.run(1, program.batches().get(i));
      all = all * 31 + expected[i];
      runs++;
    }
    for (int time = 0; time < times; time++) {
      for (int threads : THREADS) {
        long begin = System.nanoTime();
        for (int i = 0; i < expected.length; i++) {
          int batch = program.batches().get(i);
          if (isWanted(threads, seed + i, time)) {
            check(program, seed, threads, batch, expected[i]);
          }
        }
        running.merge(threads, (System.nanoTime() - begin) / 1000, Long::sum);
      }
    }
    simd += program.usedSimd() ? 1 : 0;
    shared += program.shared() > 0 ? 1 : 0;
    return all;
  }

  /// One thread has just made its first runs. Four on a machine of two processors take their time: in three rounds they come to
  /// all batch sizes.
  private static boolean isWanted(int threads, int turn, int time) {
    return threads == 2 || threads == 1 && time > 0 || threads == 4 && (turn + time) % 3 == 0;
  }

  private void check(RandomProgram program, int seed, int threads, int batch, long expected) {
    runs++;
    if (program.run(threads, batch) != expected) {
      throw new AssertionError("seed " + seed + ", run " + runs + ": " + threads
          + " threads, batch " + batch + "\n" + program.describe()
          + PlanPrinter.print(program.plan()));
    }
  }
}
