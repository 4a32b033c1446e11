package io.kotangent.bytecode;

import java.util.ArrayList;
import java.util.List;

/// One kernel with SIMD code on its way through C2.
final class SimdTrial {
  private static final int FIRST_CALLS = 300;
  private static final int CALLS = 5400;
  private static final int BETWEEN = 1024;
  private static final int TIMED = 3;
  private static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final double TOLERATED = 1.1;
  /// A first call that takes longer than so many times what is expected is not of code by C2.
  private static final int NEAR = 10;

  private enum Stage {
    NEW, COUNTED, ASKED, OVER
  }

  private final SimdState state;
  private final List<SampleCall> simd;
  private final List<SampleCall> plain;
  private long start;
  private Stage stage = Stage.NEW;

  /// @param way what to try
  /// @param plain the steps that it has to be faster than
  SimdTrial(Choice.Way way, List<Choice.Way> plain) {
    this.state = way.kernel().get().simd();
    this.simd = new ArrayList<>(List.of(new SampleCall(way)));
    this.plain = new ArrayList<>(plain.stream().map(SampleCall::new).toList());
  }

  /// Goes one stage on, and says whether that was the last.
  boolean isOver() {
    switch (stage) {
      case NEW -> {
        start = System.nanoTime();
        SampleCall call = simd.getFirst();
        call.some();
        for (int i = 0; i < FIRST_CALLS; i++) {
          call.none();
        }
        stage = Stage.COUNTED;
      }
      case COUNTED -> {
        SampleCall call = simd.getFirst();
        for (int i = 0; i < CALLS; i++) {
          if (i % BETWEEN == 0) {
            call.some();
          }
          call.none();
        }
        stage = Stage.ASKED;
      }
      case ASKED -> poll();
      case OVER -> {
        // nothing is left to do
      }
    }
    return stage == Stage.OVER;
  }

  private void poll() {
    SampleCall call = simd.getFirst();
    long first = call.timed();
    boolean compiled = first <= NEAR * call.expected();
    boolean faster = compiled && isFaster(call);
    for (int i = 0; !compiled && i < FIRST_CALLS; i++) {
      call.none();
    }
    if (faster) {
      state.makeReady();
    }
    if (faster || System.nanoTime() - start > PATIENCE_NANOS) {
      stage = Stage.OVER;
      simd.clear();
      plain.clear();
    }
  }

  private boolean isFaster(SampleCall call) {
    long best = time(call);
    return best <= call.expected() && best <= TOLERATED * plainTime();
  }

  private static long time(SampleCall call) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < TIMED; i++) {
      best = Math.min(best, call.timed());
    }
    return best;
  }

  private long plainTime() {
    long sum = 0;
    for (SampleCall call : plain) {
      sum += time(call);
    }
    return sum;
  }
}
