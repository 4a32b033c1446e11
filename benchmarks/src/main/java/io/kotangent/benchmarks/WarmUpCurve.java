package io.kotangent.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/// When the steps of a program that has just started were done.
///
/// @param ends of each step, in nanoseconds from the start of the process
record WarmUpCurve(long[] ends) {
  private static final double WINDOW_NANOS = 50e6;
  private static final double WARM = 1.2;

  /// The milliseconds from the start of the process to the end of the first step.
  double firstMillis() {
    return ends[0] / 1e6;
  }

  /// How many steps were done in so many seconds.
  int stepsBy(double seconds) {
    int count = 0;
    while (count < ends.length && ends[count] <= seconds * 1e9) {
      count++;
    }
    return count;
  }

  /// The median of the steps in the last fifth of the time, in microseconds.
  double steadyMicros() {
    long from = ends[ends.length - 1] - (ends[ends.length - 1] - ends[0]) / 5;
    int first = Math.max(1, Math.min(stepsBy(from / 1e9), ends.length - 1));
    double[] micros = new double[ends.length - first];
    for (int i = first; i < ends.length; i++) {
      micros[i - first] = (ends[i] - ends[i - 1]) / 1e3;
    }
    Arrays.sort(micros);
    return micros[micros.length / 2];
  }

  /// The milliseconds to the end of the first 50 ms whose steps took, on average, at most 1.2 times the steady state.
  double warmMillis() {
    double limit = WARM * steadyMicros() * 1e3;
    int from = 0;
    for (int i = 1; i < ends.length; i++) {
      while (from < i - 1 && ends[i] - ends[from + 1] >= WINDOW_NANOS) {
        from++;
      }
      long window = ends[i] - ends[from];
      boolean full = window >= WINDOW_NANOS || limit > WINDOW_NANOS;
      if (full && window <= limit * (i - from)) {
        return ends[i] / 1e6;
      }
    }
    return ends[ends.length - 1] / 1e6;
  }

  /// The line of this curve.
  String json(String workload, int threads, double mainMillis) {
    return String.format(Locale.ROOT,
        "{\"fw\":\"kotangent\",\"threads\":%d,\"workload\":\"%s\",\"main_ms\":%.0f,\"first_step_ms\":%.0f,"
            + "\"steps_1s\":%d,\"steps_2s\":%d,\"steps_3s\":%d,\"steps_5s\":%d,\"steady_us\":%.1f,\"warm_ms\":%.0f}",
        threads, workload, mainMillis, firstMillis(), stepsBy(1), stepsBy(2), stepsBy(3),
        stepsBy(5), steadyMicros(), warmMillis());
  }
}
