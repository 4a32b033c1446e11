package io.kotangent.bytecode;

import io.kotangent.type.KotangentException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Has C2 compile SIMD code in the background, and says when it is faster than plain loops.
///
/// C2 takes up a method when its counters are high, not when it has worked much. So a kernel is called thousands of times with
/// nothing to do, which costs little, and now and then with one tile, so that what C2 learns of it is true. From then on one
/// tile is timed now and then, until it takes no longer than plain loops do. What is most work comes first. Where C2 never comes (`-Xint`, C1 alone), it is given
/// up, and programs stay with plain loops.
final class SimdWarmer {
  /// A choice, and how much work it is.
  private record Asked(WeakReference<Choice> choice, long work) {
  }

  private static final BlockingQueue<Asked> QUEUE = new LinkedBlockingQueue<>();
  private static final long IDLE_MILLIS = 500;
  private static final long NAP_MILLIS = 5;
  /// So many kernels at a time: C2 compiles one while the next is counted.
  private static final int ACTIVE = 2;
  private static boolean running;

  private SimdWarmer() {
  }

  /// Found when there is something to say: who asks does not wait for the logging of the JVM.
  private static System.Logger log() {
    return System.getLogger("io.kotangent");
  }

  /// Takes up the kernels of a choice that are not ready yet.
  static void ask(Choice choice, long work) {
    if (choice.isWarm()) {
      return;
    }
    synchronized (SimdWarmer.class) {
      QUEUE.add(new Asked(new WeakReference<>(choice), work));
      if (!running) {
        running = true;
        Thread thread = new Thread(SimdWarmer::work, "kotangent-simd");
        thread.setDaemon(true);
        thread.start();
      }
    }
  }

  private static void work() {
    List<Asked> waiting = new ArrayList<>();
    List<WeakReference<SimdTrial>> trials = new ArrayList<>();
    try {
      do {
        if (waiting.isEmpty() && trials.isEmpty()) {
          Asked next = QUEUE.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
          if (next != null) {
            waiting.add(next);
          }
        }
        QUEUE.drainTo(waiting);
        int busy = advance(trials);
        while (busy < ACTIVE && !waiting.isEmpty()) {
          tryToTake(heaviest(waiting), trials);
          busy = advance(trials);
        }
        if (!trials.isEmpty()) {
          Thread.sleep(NAP_MILLIS);
        }
      } while (!isDone(waiting, trials));
    } catch (InterruptedException e) {
      synchronized (SimdWarmer.class) {
        running = false;
      }
    }
  }

  /// Every trial one stage on. Returns for how many of them others have to wait.
  private static int advance(List<WeakReference<SimdTrial>> trials) {
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
  private static WeakReference<Choice> heaviest(List<Asked> waiting) {
    Asked heaviest = waiting.getFirst();
    for (Asked each : waiting) {
      heaviest = each.work() > heaviest.work() ? each : heaviest;
    }
    waiting.remove(heaviest);
    return heaviest.choice();
  }

  private static boolean isOver(SimdTrial trial) {
    try {
      return trial.isOver();
    } catch (IllegalStateException e) {
      log().log(System.Logger.Level.WARNING, "SIMD code stays unused: " + e.getMessage(), e);
      return true;
    }
  }

  private static boolean isDone(List<Asked> waiting,
      List<WeakReference<SimdTrial>> trials) {
    synchronized (SimdWarmer.class) {
      if (waiting.isEmpty() && trials.isEmpty() && QUEUE.isEmpty()) {
        running = false;
      }
      return !running;
    }
  }

  /// A kernel that cannot be tried must not end the thread: others come after it.
  private static void tryToTake(WeakReference<Choice> asked,
      List<WeakReference<SimdTrial>> trials) {
    try {
      take(asked, trials);
    } catch (IllegalStateException | ArithmeticException | NegativeArraySizeException
        | KotangentException e) {
      log().log(System.Logger.Level.WARNING, "SIMD code stays unused: " + e.getMessage(), e);
    }
  }

  private static void take(WeakReference<Choice> asked, List<WeakReference<SimdTrial>> trials) {
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
