package io.kotangent.runtime;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Where a number of threads wait for each other, again and again: who waits spins, then yields, then naps, so it needs
 * nobody to wake it. A fraction of a microsecond if all come at once. When one of them will not come any more, who waits
 * for it is sent away by an exception.
 */
class Rendezvous implements Runnable {
  /** What waiting threads get when another has failed, or returned. */
  static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1;

    Broken() {
      super("another thread of the team is gone", null, false, false);
    }
  }

  @SuppressWarnings("StaticAssignmentOfThrowable") // it has no trace, and is not to be allocated
  private static final Broken BROKEN = new Broken();
  private static final int SPINS = 1000;
  private static final int YIELDS = 2000;
  private static final long NAP_NANOS = 50_000;

  /** Far enough apart to lie in different cache lines. */
  private static final int ARRIVED = 32;
  private static final int ROUND = 64;

  private final AtomicIntegerArray state = new AtomicIntegerArray(96);
  private int parties = 1;
  /**
   * Whether one of them has done its share, or failed: it will not come any more. A field, since who sets it may have no
   * stack left for a call.
   */
  volatile boolean gone;

  /** Makes it ready for so many threads, none of which is there yet. */
  void begin(int threads) {
    parties = threads;
    gone = false;
    state.set(ARRIVED, 0);
    state.set(ROUND, 0);
  }

  /** Returns once all have come. */
  @Override
  public void run() {
    int round = state.get(ROUND);
    if (state.incrementAndGet(ARRIVED) == parties) {
      state.set(ARRIVED, 0);
      state.set(ROUND, round + 1);
      return;
    }
    int patience = 0;
    while (state.get(ROUND) == round) {
      // who is gone was here before, if all were
      if (gone && state.get(ROUND) == round) {
        throw BROKEN;
      }
      patience = pause(patience);
    }
  }

  /** Waits a little, in the way that fits how often one has waited before; returns that number plus one. */
  @SuppressWarnings("ThreadPriorityCheck") // who is waited for may need this processor
  static int pause(int patience) {
    if (patience < SPINS) {
      Thread.onSpinWait();
    } else if (patience < SPINS + YIELDS) {
      Thread.yield();
    } else {
      LockSupport.parkNanos(NAP_NANOS);
      return patience;
    }
    return patience + 1;
  }
}
