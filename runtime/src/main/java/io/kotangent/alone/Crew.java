package io.kotangent.alone;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * One run by several threads: the caller's, and as many of an executor's as have come when it begins. Who comes later is not
 * needed, so it works with any executor, however busy. It is the barrier that they meet at.
 */
final class Crew implements Runnable {
  private static final Object NOBODY = new Object();
  private static final long PATIENCE = 50_000;
  private static final int SPINS = 1000;

  private final Thread caller = Thread.currentThread();
  private final Executor executor;
  private final int most;
  /** None before there is something to do. */
  private Entry[] entry = {};
  private Object[][] arrays = {};
  private int[] sizes = {};
  private final AtomicInteger joined = new AtomicInteger(1);
  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicInteger met = new AtomicInteger();
  private final AtomicInteger left = new AtomicInteger();
  private final AtomicReference<Object> thrown = new AtomicReference<>(NOBODY);
  /** How many threads take part; 0 until that is known. */
  private volatile int threads;

  Crew(Executor executor, int most) {
    this.executor = executor;
    this.most = most;
  }

  /** A crew for one run. */
  Crew of(Entry task, Object[] own, int[] ofSizes) {
    Crew crew = new Crew(executor, most);
    crew.entry = new Entry[] {task};
    crew.sizes = ofSizes;
    crew.arrays = new Object[most][];
    crew.arrays[0] = own;
    Slots slots = task.slots();
    for (int i = 1; i < most; i++) {
      crew.arrays[i] = own.clone();
      for (int a = 0; a < own.length; a++) {
        if (slots.kinds[a] == 'x') {
          crew.arrays[i][a] = Elements.make(slots.types[a], Elements.length(own[a]), slots.name);
        }
      }
    }
    return crew;
  }

  boolean share() {
    try {
      for (int i = 1; i < arrays.length; i++) {
        executor.execute(new Hand(this));
      }
    } catch (RuntimeException | Error e) {
      // no more threads: done by those that there are
    }
    long start = System.nanoTime();
    while (joined.get() < arrays.length && System.nanoTime() - start < PATIENCE) {
      Thread.onSpinWait();
    }
    threads = Math.min(joined.getAndSet(arrays.length), arrays.length);
    boolean committed = share(0);
    for (int spins = 0; left.get() < threads; spins++) {
      pause(spins);
    }
    arrays = new Object[0][]; // a task that comes later, or never, does not hold them
    Object failure = thrown.get();
    if (failure instanceof RuntimeException e) {
      throw e;
    } else if (failure instanceof Error e) {
      throw e;
    }
    return committed;
  }

  /** What an executor is given. */
  private static final class Hand implements Runnable {
    private final Crew crew;

    Hand(Crew crew) {
      this.crew = crew;
    }

    @Override
    public void run() {
      crew.help();
    }
  }

  private void help() {
    if (Thread.currentThread() == caller) {
      return; // the executor has no threads of its own
    }
    int own = joined.getAndIncrement();
    if (own < arrays.length) {
      for (int spins = 0; threads == 0; spins++) {
        pause(spins);
      }
      share(own);
    }
  }

  private boolean share(int thread) {
    boolean committed = false;
    try {
      committed = entry[0].run(arrays[thread], sizes, thread, threads, this);
    } catch (RuntimeException | Error e) {
      thrown.compareAndSet(NOBODY, e);
    }
    left.incrementAndGet();
    return committed;
  }

  @Override
  public void run() {
    int before = met.get();
    if (arrived.incrementAndGet() == threads) {
      arrived.set(0);
      met.incrementAndGet();
      return;
    }
    for (int spins = 0; met.get() == before; spins++) {
      if (thrown.get() != NOBODY) {
        throw new IllegalStateException("another thread of this run has failed");
      }
      pause(spins);
    }
  }

  private static void pause(int spins) {
    if (spins < SPINS) {
      Thread.onSpinWait();
    } else {
      LockSupport.parkNanos(1_000);
    }
  }
}
