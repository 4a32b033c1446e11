package io.kotangent.runtime;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Where a number of threads wait for each other, again and again: who waits spins, then yields, then naps, so it needs
 * nobody to wake it. A fraction of a microsecond if all come at once. When one of them cannot come any more, the
 * others are sent away by an exception.
 */
class Rendezvous implements Runnable {
  /** What waiting threads get when another has failed. */
  static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1;

    Broken() {
      super("another thread of the team failed", null, false, false);
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
  private static final int BROKEN_ROUND = -1;

  private final AtomicIntegerArray state = new AtomicIntegerArray(96);
  private int parties = 1;

  /** Makes it ready for so many threads, none of which is there yet. */
  void begin(int threads) {
    parties = threads;
    state.set(ARRIVED, 0);
    state.set(ROUND, 0);
  }

  /** Sends everybody away who waits or comes later. */
  void breakUp() {
    state.set(ROUND, BROKEN_ROUND);
  }

  /** Returns once all have come. */
  @Override
  public void run() {
    int round = state.get(ROUND);
    if (round == BROKEN_ROUND) {
      throw BROKEN;
    }
    if (state.incrementAndGet(ARRIVED) == parties) {
      state.set(ARRIVED, 0);
      // all are here, so nobody can have broken this round
      state.set(ROUND, (round + 1) & Integer.MAX_VALUE);
      return;
    }
    int patience = 0;
    int now = state.get(ROUND);
    while (now == round) {
      patience = pause(patience);
      now = state.get(ROUND);
    }
    if (now == BROKEN_ROUND) {
      throw BROKEN;
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
