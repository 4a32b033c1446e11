package io.kotangent.examples;

import io.kotangent.train.Progress;
import io.kotangent.train.TrainingListener;
import java.util.Arrays;
import java.util.Locale;

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

  /// What a step is and how long it takes: the first, the median, the shortest.
  String summary(int batch) {
    String step = "A step, which is forward, backward and update of " + batch
        + " digits: ";
    if (count == 0) {
      return step + "none was made";
    }
    long[] sorted = sorted();
    return step + String.format(Locale.ROOT, "the first %.1f ms, then %.0f µs (median; least %.0f)",
        nanos[0] / 1e6, sorted[count / 2] / 1e3, sorted[0] / 1e3);
  }

  private long[] sorted() {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted;
  }
}
