package io.kotangent.bytecode;

import io.kotangent.bytecode.load.Machine;
import io.kotangent.plan.PlanPrinter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Runs random graphs that have SIMD code on some machine until C2 has compiled every kernel of theirs, and some times more, and prints a fingerprint of each: it must be
/// the same in every run on the way, and in every JVM.
///
/// ```
/// java … io.kotangent.bytecode.C2Probe LOG COUNT
/// ```
final class C2Probe {
  private static final int[] THREADS = {1, 2};
  private static final int ROUNDS = 50;
  private static final int AFTER = 20;
  private static final int PATIENCE = 200;

  private final CompilationLog log;
  private int kernels;
  private int simd;
  private int rows;
  private int refused;
  private long runs;

  private C2Probe(Path log) {
    this.log = new CompilationLog(log);
  }

  public static void main(String[] args) throws IOException {
    C2Probe probe = new C2Probe(Path.of(args[0]));
    int count = Integer.parseInt(args[1]);
    int found = 0;
    for (int seed = 0; found < count; seed++) {
      if (RandomProgram.hasSimd(seed)) {
        found++;
        System.out.printf("graph %d %016x%n", seed, probe.fingerprint(seed));
      }
    }
    System.out.printf(
        "vectors of %d bits: %d graphs, %d kernels by C2 with %d methods of SIMD code and %d row loops, %d refused by C2, %d runs%n",
        Machine.target().vectorBits(), count, probe.kernels, probe.simd, probe.rows, probe.refused,
        probe.runs);
  }

  private long fingerprint(int seed) throws IOException {
    RandomProgram program =
        RandomProgram.of(seed, SimdUse.ofProperty().target(Machine.target()).vectorBits());
    long[] expected = new long[program.batches().size()];
    long all = 1;
    for (int i = 0; i < expected.length; i++) {
      expected[i] = program.run(1, program.batches().get(i));
      all = all * 31 + expected[i];
    }
    Set<String> called = program.kernels();
    Set<String> rowLoops = program.rowsOf(called);
    int tries = 0;
    List<String> missing;
    do {
      rounds(seed, program, expected, ROUNDS);
      log.read();
      missing = new ArrayList<>();
      for (String kernel : called) {
        missing.addAll(log.knows(kernel) ? log.missing(kernel) : List.of(kernel));
      }
      for (String kernel : rowLoops) {
        missing.addAll(log.missing(kernel));
      }
      if (tries++ > PATIENCE) {
        throw new AssertionError("seed " + seed + ": C2 has not compiled " + missing);
      }
    } while (!missing.isEmpty());
    rounds(seed, program, expected, AFTER);
    kernels += called.size();
    for (String kernel : rowLoops) {
      rows += log.compiled(kernel, "run");
    }
    for (String kernel : called) {
      simd += log.compiled(kernel, "lanes");
      rows += log.compiled(kernel, "row");
      refused += log.isRefused(kernel) ? 1 : 0;
    }
    return all;
  }

  private void rounds(int seed, RandomProgram program, long[] expected, int times) {
    for (int time = 0; time < times; time++) {
      for (int threads : THREADS) {
        for (int i = 0; i < expected.length; i++) {
          int batch = program.batches().get(i);
          runs++;
          if (program.run(threads, batch) != expected[i]) {
            throw new AssertionError("seed " + seed + ", run " + runs + ": " + threads
                + " threads, batch " + batch + "\n" + program.describe()
                + PlanPrinter.print(program.plan()));
          }
        }
      }
    }
  }
}
