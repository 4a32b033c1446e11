package io.kotangent.bytecode.warm;

import io.kotangent.bytecode.load.KernelClass;
import io.kotangent.bytecode.load.SimdState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntSupplier;

/// One kernel with SIMD code on its way through C2.
///
/// Its first calls have nothing to do, until C1 has compiled it: vectors that the interpreter makes are objects, and a tile of some
/// thousand products takes it half a second. Then each turn has two thousand calls with nothing to do, which C2 counts, and a
/// few with work, from which it learns what is often done: where two turns only had any, one tile in six was compiled so that its
/// sums lay on the stack, and took twice as long. If C2 takes long, more come at growing distances, to see whether it is done.
///
/// Vectors make methods so large for C1 that it may compile them without profiling, when C2's queue is long, but not with it (`out of
/// virtual registers`). Such a method would stay as it is: C2 wants a profile. So a new class takes its place, by when
/// C2 has less to do: C1 then gives up at once, and the interpreter makes the profile.
final class SimdTrial {
  private static final int FIRST_CALLS = 200;
  private static final int CLOCKED = 20;
  /// After so many, C1 will take it up if it can; from then on fewer at a time.
  private static final int MANY_CALLS = 1_000;
  /// After five thousand, C2 would compile what nothing but calls for nothing have been seen of, and do it again.
  private static final int MOST_CALLS = 4_000;
  private static final int CALLS = 2100;
  /// So many turns come soon after each other: C2 has seen enough then.
  private static final int QUICK_TURNS = 5;
  /// So many turns have work.
  private static final int SHOWN = 40;
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
  /// Between two looks whether C2 is done, at first and at most.
  private static final long FIRST_LOOK_NANOS = 20_000_000;
  private static final long LONGEST_LOOK_NANOS = 160_000_000;
  /// So long C2 may take for one before others are begun.
  private static final long BUSY_NANOS = 1_000_000_000L;
  /// So long all of it may take, new classes included,
  private static final long PATIENCE_NANOS = 10_000_000_000L;
  /// but where its thread has worked less than that for it in the second half, the process is so busy that C2 cannot have come to it
  /// either: it waits for longer. (To ask how long a thread has worked loads classes for tens of milliseconds.)
  private static final long WATCHED_NANOS = PATIENCE_NANOS / 2;
  private static final long OWN_NANOS = 50_000_000;
  private static final long STARVED_NANOS = 120_000_000_000L;
  /// What C2 has not compiled by then will stay with C1; sooner if C2 has come to others meanwhile. (After one second
  /// the compilers are so busy that C1 does the same to the new class.)
  private static final long STUCK_NANOS = 3_000_000_000L;
  private static final long PASSED_OVER_NANOS = 2_000_000_000L;
  private static final int MOST_CLASSES = 3;
  private static final double TOLERATED = 1.1;
  /// A first call that takes longer than so many times what is expected is not of code by C2.
  private static final int NEAR = 10;

  private enum Stage {
    NEW, IDLE, WORKING, OVER
  }

  private final Choice.Way way;
  private final List<Choice.Way> others;
  private final Function<Choice.Way, Sample> samples;
  private final Clock clock;
  private final IntSupplier ready;
  private final List<Sample> simd = new ArrayList<>();
  private final List<Sample> plain = new ArrayList<>();
  private final long born;
  /// What its thread has worked for it while that was watched.
  private long own;
  private KernelClass kernel;
  private int classes;
  private long start;
  private int readyBefore;
  private long look;
  private long nextLook;
  private long due;
  private long pause = FIRST_PAUSE_NANOS;
  private long firstNanos;
  private int idled;
  private int turns;
  private boolean compiled;
  private Stage stage = Stage.NEW;

  /// @param way what to try
  /// @param plain the steps that it has to be faster than
  /// @param size what sizes that are not known are taken for
  /// @param memory what it works on
  SimdTrial(Choice.Way way, List<Choice.Way> plain, long size, SampleArrays memory) {
    this(way, plain, each -> new SampleCall(each, size, memory),
        Clock.ofThisProcess(), SimdState::changes);
  }

  /// @param samples makes calls of a step's kernel, of the class that it has now
  /// @param ready tells how many kernels C2 has compiled
  SimdTrial(Choice.Way way, List<Choice.Way> plain, Function<Choice.Way, Sample> samples,
      Clock clock, IntSupplier ready) {
    this.way = way;
    this.others = List.copyOf(plain);
    this.samples = samples;
    this.clock = clock;
    this.ready = ready;
    this.born = clock.now();
    begin(way.kernel().get());
  }

  /// Whether C2 has compiled it, so that another trial would find the same.
  boolean isSettled() {
    return compiled;
  }

  /// Ends it: so it may be tried again some time, when C2 has less to do or there is more memory.
  void giveUp() {
    kernel.simd().endTrial();
  }

  private void begin(KernelClass of) {
    kernel = of;
    classes++;
    simd.clear();
    simd.add(samples.apply(way));
    plain.clear();
    others.forEach(each -> plain.add(samples.apply(each)));
    stage = Stage.NEW;
    compiled = false;
    idled = 0;
    turns = 0;
    pause = FIRST_PAUSE_NANOS;
    due = born;
    look = FIRST_LOOK_NANOS;
    nextLook = born;
  }

  /// Begins anew, with a new class, which the trial lives as long as.
  private void beginAnew() {
    KernelClass fresh = way.kernel().renewed();
    fresh.simd().trial(() -> this);
    begin(fresh);
  }

  /// Goes one stage on, and says whether that was the last.
  boolean isOver() {
    if (clock.now() - born < WATCHED_NANOS) {
      return isLast();
    }
    long before = clock.own();
    boolean last = isLast();
    own += clock.own() - before;
    return last;
  }

  private boolean isLast() {
    switch (stage) {
      case NEW -> {
        kernel.rows().forEach(RowTraining::of);
        start = clock.now();
        readyBefore = ready.getAsInt();
        idle(CLOCKED); // which load classes
        firstNanos = idle(FIRST_CALLS);
        stage = Stage.IDLE;
      }
      case IDLE -> {
        int calls = idled < MANY_CALLS ? FIRST_CALLS : CLOCKED;
        idled += calls;
        boolean quick = QUICKER * idle(calls) < firstNanos;
        boolean late = idled > MOST_CALLS || clock.now() - start > C1_NANOS;
        stage = quick || late ? Stage.WORKING : Stage.IDLE;
      }
      case WORKING -> {
        if (clock.now() >= due) {
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
        || stage == Stage.WORKING && !compiled && clock.now() - start < BUSY_NANOS;
  }

  /// Raises the counters of the JVM by so many calls, or for a while; returns the least nanoseconds that some of them took.
  private long idle(int calls) {
    long begin = clock.now();
    long now = begin;
    long least = Long.MAX_VALUE;
    for (int done = 0; done < calls && now - begin < AT_ONCE_NANOS; done += CLOCKED) {
      long before = now;
      for (int i = 0; i < CLOCKED; i++) {
        simd.getFirst().none();
      }
      now = clock.now();
      least = Math.min(least, now - before);
    }
    return least;
  }

  private void turn() {
    long began = clock.now();
    Sample call = simd.getFirst();
    boolean faster = isToWork(began) && isFaster(call);
    turns++;
    if (faster) {
      kernel.simd().makeReady();
    } else {
      idle(CALLS);
    }
    long now = clock.now();
    if (!faster && isStuck(now) && time(call) > call.expected()) {
      beginAnew();
      return;
    }
    if (turns > QUICK_TURNS) {
      pause += pause / 2;
    }
    due = now + Math.min(Math.max(pause, SHARE * (now - began)), LONGEST_PAUSE_NANOS);
    if (faster || isTried(now)) {
      stage = Stage.OVER;
      simd.clear();
      plain.clear();
    }
  }

  private boolean isTried(long now) {
    boolean starved = !compiled && own < OWN_NANOS && now - born < STARVED_NANOS;
    return now - born > PATIENCE_NANOS && !starved;
  }

  private boolean isStuck(long now) {
    boolean passedOver = !compiled && ready.getAsInt() > readyBefore;
    return classes < MOST_CLASSES
        && now - start > (passedOver ? PASSED_OVER_NANOS : STUCK_NANOS);
  }

  /// Whether this turn has work: always once C2 has compiled it.
  private boolean isToWork(long now) {
    if (compiled || turns < SHOWN) {
      return true;
    }
    if (now < nextLook) {
      return false;
    }
    nextLook = now + look;
    look = Math.min(2 * look, LONGEST_LOOK_NANOS);
    return true;
  }

  private boolean isFaster(Sample call) {
    if (turns % 2 == 0 && turns < SHOWN) {
      call.odd();
    }
    compiled = compiled || call.timed() <= NEAR * call.expected();
    return compiled && isBetter(call);
  }

  /// Code that C2 made for even work alone is thrown away at the first odd one, which must not be a program's: that would go on in the
  /// interpreter until C2 has compiled it again.
  private boolean isBetter(Sample call) {
    for (int i = 0; i < TIMED; i++) {
      call.odd();
      call.none();
    }
    long best = time(call);
    compiled = best <= NEAR * call.expected();
    if (best > call.expected()) {
      return false;
    }
    SimdState.Measured times = new SimdState.Measured(best * call.whole(), plainTime());
    kernel.simd().measure(times);
    return times.simd() <= TOLERATED * times.plain();
  }

  private static long time(Sample call) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < TIMED; i++) {
      best = Math.min(best, call.timed());
    }
    return best;
  }

  /// What plain loops take for all that there is to do.
  private double plainTime() {
    double sum = 0;
    for (Sample call : plain) {
      sum += time(call) * call.whole();
    }
    return sum;
  }
}
