package io.kotangent.benchmarks;

import java.util.Arrays;
import java.util.function.DoubleSupplier;

/// Microseconds of a call: calls are timed in blocks of about 20 ms, for some seconds.
///
/// @param medianMicros of all blocks: what a user sees on this machine as it is
/// @param minMicros of the best block: what the code can do when the machine does nothing else
record Timing(double medianMicros, double minMicros) {
  private static final double BLOCK_NANOS = 20e6;
  private static final int FEWEST_BLOCKS = 5;

  /// Calls for `warmUp` seconds without looking, then times calls for `seconds`.
  static Timing of(DoubleSupplier call, double warmUp, double seconds) {
    Timing rough = blocks(call, 1, warmUp);
    int calls = (int) Math.clamp(BLOCK_NANOS / 1e3 / rough.medianMicros(), 1, 1e7);
    return blocks(call, calls, seconds);
  }

  private static Timing blocks(DoubleSupplier call, int calls, double seconds) {
    double[] micros = new double[1024];
    int count = 0;
    double sum = 0;
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (count < FEWEST_BLOCKS || System.nanoTime() < end) {
      long start = System.nanoTime();
      for (int i = 0; i < calls; i++) {
        sum += call.getAsDouble();
      }
      if (count == micros.length) {
        micros = Arrays.copyOf(micros, 2 * count);
      }
      micros[count++] = (System.nanoTime() - start) / 1e3 / calls;
    }
    if (Double.isNaN(sum)) {
      throw new IllegalStateException("a result became NaN");
    }
    double[] sorted = Arrays.copyOf(micros, count);
    Arrays.sort(sorted);
    return new Timing(sorted[count / 2], sorted[0]);
  }
}
