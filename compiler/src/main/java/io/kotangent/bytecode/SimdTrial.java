package io.kotangent.bytecode;

import java.util.ArrayList;
import java.util.List;

/// One kernel with SIMD code on its way through C2.
final class SimdTrial {
  /// After so many calls C1 is given time.
  private static final int FIRST_CALLS = 300;
  private static final int CALLS = 5700;
  private static final int BETWEEN = 1024;
  private static final int TIMED = 3;
  private static final long AT_ONCE_NANOS = 5_000_000;
  /// Between times that are not good enough, growing.
  private static final long FIRST_PAUSE_NANOS = 5_000_000;
  private static final long LONGEST_PAUSE_NANOS = 50_000_000;
  /// Between times that took long themselves there is so many times that.
  private static final int SHARE = 8;
  /// So long C2 may take for one before others are begun.
  private static final long BUSY_NANOS = 1_000_000_000L;
  private static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final double TOLERATED = 1.1;
  /// A first call that takes longer than so many times what is expected is not of code by C2.
  private static final int NEAR = 10;

  private enum Stage {
    NEW, COUNTING, ASKED, OVER
  }

  private final SimdState state;
  private final List<SampleCall> simd;
  private final List<SampleCall> plain;
  private long start;
  private long due;
  private long pause = FIRST_PAUSE_NANOS;
  private int calls;
  private boolean compiled;
  private Stage stage = Stage.NEW;

  /// @param way what to try
  /// @param size what sizes that are not known are taken for
  /// @param plain the steps that it has to be faster than
  SimdTrial(Choice.Way way, List<Choice.Way> plain, long size) {
    this.state = way.kernel().get().simd();
    this.simd = new ArrayList<>(List.of(new SampleCall(way, size)));
    this.plain = new ArrayList<>(plain.stream().map(each -> new SampleCall(each, size)).toList());
  }

  /// Goes one stage on, and says whether that was the last.
  boolean isOver() {
    switch (stage) {
      case NEW -> {
        start = System.nanoTime();
        simd.getFirst().some();
        count(FIRST_CALLS);
        stage = Stage.COUNTING;
      }
      case COUNTING -> {
        count(CALLS);
        stage = calls < CALLS ? Stage.COUNTING : Stage.ASKED;
      }
      case ASKED -> {
        if (System.nanoTime() >= due) {
          poll();
        }
      }
      case OVER -> {
        // nothing is left to do
      }
    }
    return stage == Stage.OVER;
  }

  /// Whether others should wait: it is being counted, or C2 probably compiles it.
  boolean isBusy() {
    return stage == Stage.NEW || stage == Stage.COUNTING
        || stage == Stage.ASKED && !compiled && System.nanoTime() - start < BUSY_NANOS;
  }

  /// Raises the counters of the JVM until there were so many calls, or for a while.
  private void count(int most) {
    long end = System.nanoTime() + AT_ONCE_NANOS;
    SampleCall call = simd.getFirst();
    while (calls < most && System.nanoTime() < end) {
      if (calls++ % BETWEEN == 0) {
        call.some();
      }
      call.none();
    }
  }

  private void poll() {
    long began = System.nanoTime();
    SampleCall call = simd.getFirst();
    compiled |= call.timed() <= NEAR * call.expected();
    boolean faster = compiled && isFaster(call);
    if (faster) {
      state.makeReady();
    } else {
      // what C1 made may be near enough; only calls from then on count for C2
      calls = 1; // none of them with work
      count(CALLS);
    }
    long now = System.nanoTime();
    if (!isBusy()) {
      pause = Math.min(pause + pause / 2, SHARE * (now - began) + LONGEST_PAUSE_NANOS);
      due = now + pause;
    }
    if (faster || now - start > PATIENCE_NANOS) {
      stage = Stage.OVER;
      simd.clear();
      plain.clear();
    }
  }

  private boolean isFaster(SampleCall call) {
    long best = time(call);
    return best <= call.expected() && best * call.whole() <= TOLERATED * plainTime();
  }

  private static long time(SampleCall call) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < TIMED; i++) {
      best = Math.min(best, call.timed());
    }
    return best;
  }

  /// What plain loops take for all that there is to do.
  private double plainTime() {
    double sum = 0;
    for (SampleCall call : plain) {
      sum += time(call) * call.whole();
    }
    return sum;
  }
}
