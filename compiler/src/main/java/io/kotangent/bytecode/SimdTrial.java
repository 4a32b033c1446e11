package io.kotangent.bytecode;

import java.util.ArrayList;
import java.util.List;

/// One kernel with SIMD code on its way through C2.
///
/// Its first calls have nothing to do, until C1 has compiled it: vectors that the interpreter makes are objects, and a tile of some
/// thousand products takes it half a second. Then each turn has one call with work and a thousand without.
///
/// Vectors make methods so large for C1 that it may compile them without profiling, when C2's queue is long, but not with it (`out of
/// virtual registers`). Such a method would stay as it is: C2 wants a profile. So a new class takes its place, by when
/// C2 has less to do: C1 then gives up at once, and the interpreter makes the profile.
final class SimdTrial {
  private static final int FIRST_CALLS = 200;
  private static final int CLOCKED = 20;
  private static final int CALLS = 2100;
  /// So many turns come soon after each other: C2 has seen enough then.
  private static final int QUICK_TURNS = 5;
  private static final int TIMED = 3;
  /// Calls are so many times quicker in compiled code, at least.
  private static final int QUICKER = 4;
  /// So long C1 is waited for.
  private static final long C1_NANOS = 2_000_000_000L;
  private static final long AT_ONCE_NANOS = 5_000_000;
  /// Between turns there is so many times what one takes, at most.
  private static final int SHARE = 4;
  private static final long FIRST_PAUSE_NANOS = 4_000_000;
  private static final long LONGEST_PAUSE_NANOS = 50_000_000;
  /// So long C2 may take for one before others are begun.
  private static final long BUSY_NANOS = 1_000_000_000L;
  private static final long PATIENCE_NANOS = 10_000_000_000L;
  /// What C2 has not compiled by then will stay with C1.
  private static final long STUCK_NANOS = 3_000_000_000L;
  private static final int MOST_CLASSES = 3;
  private static final double TOLERATED = 1.1;
  /// A first call that takes longer than so many times what is expected is not of code by C2.
  private static final int NEAR = 10;

  private enum Stage {
    NEW, IDLE, WORKING, OVER
  }

  private final Choice.Way way;
  private final List<Choice.Way> others;
  private final long size;
  private final List<SampleCall> simd = new ArrayList<>();
  private final List<SampleCall> plain = new ArrayList<>();
  private KernelClass kernel;
  private int classes;
  private long start;
  private long due;
  private long pause = FIRST_PAUSE_NANOS;
  private long firstNanos;
  private int turns;
  private boolean compiled;
  private Stage stage = Stage.NEW;

  /// @param way what to try
  /// @param size what sizes that are not known are taken for
  /// @param plain the steps that it has to be faster than
  SimdTrial(Choice.Way way, List<Choice.Way> plain, long size) {
    this.way = way;
    this.others = List.copyOf(plain);
    this.size = size;
    begin(way.kernel().get());
  }

  private void begin(KernelClass of) {
    kernel = of;
    classes++;
    simd.clear();
    simd.add(new SampleCall(way, size));
    plain.clear();
    others.forEach(each -> plain.add(new SampleCall(each, size)));
    stage = Stage.NEW;
    compiled = false;
    turns = 0;
    pause = FIRST_PAUSE_NANOS;
    due = 0;
  }

  /// Begins anew, with a new class, which the trial lives as long as.
  private void beginAnew() {
    KernelClass fresh = way.kernel().renewed();
    fresh.simd().trial(() -> this);
    begin(fresh);
  }

  /// Goes one stage on, and says whether that was the last.
  boolean isOver() {
    switch (stage) {
      case NEW -> {
        kernel.rows().forEach(RowTraining::of);
        start = System.nanoTime();
        firstNanos = idle(FIRST_CALLS);
        stage = Stage.IDLE;
      }
      case IDLE -> {
        boolean quick = QUICKER * idle(FIRST_CALLS) < firstNanos;
        boolean late = System.nanoTime() - start > C1_NANOS;
        stage = quick || late ? Stage.WORKING : Stage.IDLE;
      }
      case WORKING -> {
        if (System.nanoTime() >= due) {
          turn();
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
    return stage == Stage.NEW || stage == Stage.IDLE
        || stage == Stage.WORKING && !compiled && System.nanoTime() - start < BUSY_NANOS;
  }

  /// Raises the counters of the JVM by so many calls, or for a while; returns the least nanoseconds that some of them took.
  private long idle(int calls) {
    long begin = System.nanoTime();
    long now = begin;
    long least = Long.MAX_VALUE;
    for (int done = 0; done < calls && now - begin < AT_ONCE_NANOS; done += CLOCKED) {
      long before = now;
      for (int i = 0; i < CLOCKED; i++) {
        simd.getFirst().none();
      }
      now = System.nanoTime();
      least = Math.min(least, now - before);
    }
    return least;
  }

  private void turn() {
    long began = System.nanoTime();
    SampleCall call = simd.getFirst();
    if (turns++ % 2 == 0) {
      call.odd();
    }
    compiled |= call.timed() <= NEAR * call.expected();
    boolean faster = compiled && isFaster(call);
    if (faster) {
      kernel.simd().makeReady();
    } else {
      idle(CALLS);
    }
    long now = System.nanoTime();
    if (!faster && classes < MOST_CLASSES && now - start > STUCK_NANOS
        && time(call) > call.expected()) {
      beginAnew();
      return;
    }
    if (turns > QUICK_TURNS) {
      pause += pause / 2;
    }
    due = now + Math.min(Math.max(pause, SHARE * (now - began)), LONGEST_PAUSE_NANOS);
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
