package io.kotangent.bytecode.warm;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// Has C2 compile SIMD code in the background, and says when it is faster than plain loops.
///
/// C2 takes up a method when its counters are high, not when it has worked much. So a kernel is called thousands of times with
/// nothing to do, which costs little, and now and then with one tile, so that what C2 learns of it is true. From then on one
/// tile is timed now and then, until it takes no longer than plain loops do. What is most work comes first. Where C2 never comes (`-Xint`, C1 alone), it is given
/// up, and programs stay with plain loops.
public final class SimdWarmer {
  /// A choice, and how much work it is.
  private record Asked(WeakReference<Choice> choice, long work) {
  }

  private static final long IDLE_MILLIS = 500;
  private static final long NAP_MILLIS = 5;
  /// So many kernels at a time: C2 compiles one while the next is counted.
  private static final int ACTIVE = 2;
  private static final Backlog<Asked> BACKLOG =
      new Backlog<>("kotangent-simd", IDLE_MILLIS, NAP_MILLIS, new SimdWarmer()::go);

  private final List<Asked> waiting = new ArrayList<>();
  private final List<WeakReference<SimdTrial>> trials = new ArrayList<>();

  private SimdWarmer() {
  }

  /// Found when there is something to say: who asks does not wait for the logging of the JVM.
  private static System.Logger log() {
    return System.getLogger("io.kotangent");
  }

  /// Takes up the kernels of a choice that are not ready yet.
  public static void ask(Choice choice, long work) {
    if (!choice.isWarm()) {
      BACKLOG.add(new Asked(new WeakReference<>(choice), work));
    }
  }

  private boolean go(List<Asked> come) {
    waiting.addAll(come);
    int busy = advance();
    while (busy < ACTIVE && !waiting.isEmpty()) {
      tryToTake(heaviest());
      busy = advance();
    }
    return !waiting.isEmpty() || !trials.isEmpty();
  }

  /// Every trial one stage on. Returns for how many of them others have to wait.
  private int advance() {
    int busy = 0;
    for (Iterator<WeakReference<SimdTrial>> each = trials.iterator(); each.hasNext();) {
      SimdTrial trial = each.next().get();
      if (trial == null || busy < ACTIVE && isOver(trial)) {
        each.remove();
      } else if (trial.isBusy()) {
        busy++;
      }
    }
    return busy;
  }

  /// Removes the one with the most work.
  private WeakReference<Choice> heaviest() {
    Asked heaviest = waiting.getFirst();
    for (Asked each : waiting) {
      heaviest = each.work() > heaviest.work() ? each : heaviest;
    }
    waiting.remove(heaviest);
    return heaviest.choice();
  }

  /// One that throws is over: in each later round it would throw again, and others come after it.
  private static boolean isOver(SimdTrial trial) {
    try {
      return trial.isOver();
    } catch (RuntimeException | LinkageError e) {
      log().log(System.Logger.Level.WARNING, "SIMD code stays unused: " + e.getMessage(), e);
      return true;
    }
  }

  /// A kernel that cannot be tried must not end the thread: others come after it.
  private void tryToTake(WeakReference<Choice> asked) {
    try {
      take(asked);
    } catch (RuntimeException | LinkageError e) {
      log().log(System.Logger.Level.WARNING, "SIMD code stays unused: " + e.getMessage(), e);
    }
  }

  private void take(WeakReference<Choice> asked) {
    Choice choice = asked.get();
    if (choice == null) {
      return;
    }
    for (Choice.Way way : choice.simd()) {
      way.kernel().get().simd().trial(() -> new SimdTrial(way, choice.plain(), choice.usualSize()))
          .ifPresent(trial -> trials.add(new WeakReference<>(trial)));
    }
  }
}
