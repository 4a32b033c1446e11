package io.kotangent.bytecode.warm;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Has C2 compile SIMD code in the background, and says when it is faster than plain loops.
///
/// C2 takes up a method when its counters are high, not when it has worked much. So a kernel is called thousands of times with
/// nothing to do, which costs little, and now and then with one tile, so that what C2 learns of it is true. From then on one
/// tile is timed now and then, until it takes no longer than plain loops do. What takes most time comes first. What C2 does not come to, since the
/// process is busy, or what there is no memory for, is tried again later, a few times, after pauses that double; where C2 never comes (`-Xint`, C1
/// alone), it is given up, and programs stay with plain loops.
public final class SimdWarmer {
  /// A choice, and when it is to be tried.
  ///
  /// @param tries how often it was tried before
  record Asked(WeakReference<Choice> choice, int tries, long due) {
    Asked again(long now) {
      return new Asked(choice, tries + 1, now + (FIRST_PAUSE_NANOS << tries));
    }

    /// What it has cost by now that it is not ready; 0 if nobody wants it any more.
    long spent() {
      Choice wanted = choice.get();
      return wanted == null ? 0 : wanted.spent();
    }
  }

  private record Trial(WeakReference<SimdTrial> trial, Asked asked) {
  }

  private static final long IDLE_MILLIS = 500;
  private static final long NAP_MILLIS = 5;
  private static final long LONG_NAP_MILLIS = 500;
  private static final long FIRST_PAUSE_NANOS = 10_000_000_000L;
  /// The last after some twenty minutes.
  private static final int MOST_TRIES = 8;
  /// So many kernels at a time: C2 compiles one while the next is counted.
  private static final int ACTIVE = 2;
  /// So many trials at most have memory: those that C2 does not come to, too.
  private static final int MOST_TRIALS = 8;
  private static final SimdWarmer WARMER = new SimdWarmer();
  private static final Backlog<Asked> BACKLOG =
      new Backlog<>("kotangent-simd", IDLE_MILLIS, WARMER::go);

  private final List<Asked> waiting = new ArrayList<>();
  private final List<Trial> trials = new ArrayList<>();
  private final SampleArrays memory = new SampleArrays();
  private volatile boolean trying;

  private SimdWarmer() {
  }

  /// Takes up the kernels of a choice that are not ready yet. Returns whether it did: not where there is no thread for that.
  public static boolean ask(Choice choice) {
    return choice.isWarm()
        || BACKLOG.add(new Asked(new WeakReference<>(choice), 0, System.nanoTime()));
  }

  /// Whether some SIMD code is being tried, of whatever program: ways may change soon.
  public static boolean isTrying() {
    return WARMER.trying;
  }

  private long go(List<Asked> come) {
    waiting.addAll(come);
    waiting.removeIf(asked -> asked.choice().get() == null);
    int busy = advance();
    Optional<Asked> next = heaviest(waiting, System.nanoTime());
    while (busy < ACTIVE && trials.size() < MOST_TRIALS && next.isPresent()) {
      waiting.remove(next.get());
      tryToTake(next.get());
      busy = advance();
      next = heaviest(waiting, System.nanoTime());
    }
    if (trials.isEmpty()) {
      memory.clear();
    }
    trying = !trials.isEmpty() || next.isPresent();
    return trying ? NAP_MILLIS : waiting.isEmpty() ? 0 : LONG_NAP_MILLIS;
  }

  /// Every trial one stage on. Returns for how many of them others have to wait.
  private int advance() {
    int busy = 0;
    for (Trial each : List.copyOf(trials)) {
      SimdTrial trial = each.trial().get();
      if (trial == null || busy < ACTIVE && isOver(trial, each.asked())) {
        trials.remove(each);
      } else if (trial.isBusy()) {
        busy++;
      }
    }
    return busy;
  }

  /// The one that has taken most time so far, of those that are due.
  static Optional<Asked> heaviest(List<Asked> waiting, long now) {
    return waiting.stream().filter(asked -> asked.due() - now <= 0)
        .max(Comparator.comparingLong(Asked::spent));
  }

  /// One that throws is over: in each later round it would throw again, and others come after it.
  private boolean isOver(SimdTrial trial, Asked asked) {
    try {
      boolean over = trial.isOver();
      if (over && !trial.isSettled()) {
        trial.giveUp();
        tryLater(asked);
      }
      return over;
    } catch (OutOfMemoryError _) {
      trial.giveUp();
      tryLater(asked);
    } catch (RuntimeException | LinkageError e) {
      unused(e);
    }
    return true;
  }

  /// A kernel that cannot be tried must not end the thread: others come after it.
  private void tryToTake(Asked asked) {
    try {
      take(asked);
    } catch (OutOfMemoryError _) {
      tryLater(asked);
    } catch (RuntimeException | LinkageError e) {
      unused(e);
    }
  }

  /// (Found when there is something to say: who asks does not wait for the logging of the JVM.)
  private static void unused(Throwable e) {
    System.getLogger("io.kotangent").log(System.Logger.Level.WARNING,
        "SIMD code stays unused: " + e.getMessage(), e);
  }

  private void tryLater(Asked asked) {
    if (asked.tries() + 1 < MOST_TRIES) {
      waiting.add(asked.again(System.nanoTime()));
    }
  }

  private void take(Asked asked) {
    Choice choice = asked.choice().get();
    if (choice == null) {
      return;
    }
    for (Choice.Way way : choice.simd()) {
      way.kernel().get().simd()
          .trial(() -> new SimdTrial(way, choice.plain(), choice.usualSize(), memory))
          .ifPresent(trial -> trials.add(new Trial(new WeakReference<>(trial), asked)));
    }
  }
}
