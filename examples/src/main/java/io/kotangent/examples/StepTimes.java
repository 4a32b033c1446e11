package io.kotangent.examples;

import io.kotangent.train.Progress;
import io.kotangent.train.TrainingListener;
import java.util.Arrays;

/// Measures the steps of a training, data loading included.
final class StepTimes implements TrainingListener {
  private long[] nanos = new long[4096];
  private int count;
  private long last;

  @Override
  public void onStart(Progress progress) {
    last = System.nanoTime();
  }

  @Override
  public void onStep(Progress progress) {
    long now = System.nanoTime();
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = now - last;
    last = System.nanoTime();
  }

  @Override
  public void onEpoch(Progress progress, io.kotangent.train.EpochReport report) {
    last = System.nanoTime();
  }

  /// The first step, in µs.
  double first() {
    return count == 0 ? Double.NaN : nanos[0] / 1e3;
  }

  /// The median of all steps, in µs.
  double median() {
    long[] sorted = sorted();
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2] / 1e3;
  }

  /// The shortest step, in µs.
  double least() {
    long[] sorted = sorted();
    return sorted.length == 0 ? Double.NaN : sorted[0] / 1e3;
  }

  private long[] sorted() {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted;
  }
}
