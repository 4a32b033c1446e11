package io.kotangent.benchmarks;

import java.util.Arrays;
import java.util.List;

/// One workload from the start of its process: `WarmUp WORKLOAD THREADS SECONDS STARTED`, the last in milliseconds of the epoch.
final class WarmUp {
  private static final double SHORTEST = 8;
  private static final int FEWEST = 10;

  private WarmUp() {}

  public static void main(String[] arguments) {
    long now = System.nanoTime();
    long age = System.currentTimeMillis() - Long.parseLong(arguments[3]);
    Workload workload = Workloads.named(arguments[0]).getFirst();
    int threads = Integer.parseInt(arguments[1]);
    double seconds = Math.max(SHORTEST, Double.parseDouble(arguments[2]));
    long started = now - age * 1_000_000;
    System.out.println(curve(workload, threads, started, seconds)
        .json(workload.name(), threads, age));
  }

  /// What a child needs to know; it is started at once.
  static List<String> arguments(Workload workload, Options options) {
    return List.of(workload.name(), Integer.toString(options.threads()),
        Double.toString(options.seconds()), Long.toString(System.currentTimeMillis()));
  }

  /// Steps for some seconds after `started`, a value of [System#nanoTime()].
  static WarmUpCurve curve(Workload workload, int threads, long started, double seconds) {
    Running running = workload.prepare().begin(threads);
    long[] ends = new long[1 << 16];
    ends[0] = System.nanoTime() - started;
    int count = 1;
    while (count < FEWEST || ends[count - 1] < seconds * 1e9) {
      running.again();
      if (count == ends.length) {
        ends = Arrays.copyOf(ends, 2 * count);
      }
      ends[count++] = System.nanoTime() - started;
    }
    return new WarmUpCurve(Arrays.copyOf(ends, count));
  }
}
