package io.kotangent.alone;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Finds out whether SIMD code is faster at some sizes, once: in the background, on copies of the arrays of a run, when plain loops
 * have run for a while. Whatever goes wrong with it, plain loops stay.
 */
final class SimdTrial implements Runnable {
  private static final long PLAIN_FIRST_NANOS = 50_000_000;
  private static final long ROUND_NANOS = 20_000_000;
  private static final long LONGEST_NANOS = 20_000_000_000L;
  /** It ends when so many rounds have not made the SIMD code faster: then the JIT is done with it. */
  private static final int PATIENCE = 25;
  private static final Object[] GONE = {};
  /** One at a time, or they would measure each other. */
  private static final AtomicBoolean BUSY = new AtomicBoolean();

  private final SimdEntry entry;
  private final int at;
  private final int[] sizes;
  private final boolean[] plain;
  private final boolean[] simd;
  private final AtomicBoolean begun;
  private final long created = System.nanoTime();
  private volatile boolean[] ways;
  private volatile boolean over;
  private Object[] saved = GONE;
  private Object[] arrays = GONE;

  /**
   * @param at where in the arrays of a run its ways are
   * @param plain the ways without SIMD code
   * @param simd those with it, as far as it is for these sizes
   * @param always without a trial
   */
  SimdTrial(SimdEntry entry, int at, int[] sizes, boolean[] plain, boolean[] simd,
      boolean always) {
    this.entry = entry;
    this.at = at;
    this.sizes = sizes.clone();
    this.plain = plain;
    this.simd = simd;
    ways = always ? simd : plain;
    over = always || Arrays.equals(plain, simd);
    begun = new AtomicBoolean(over);
  }

  boolean isFor(int[] others) {
    return Arrays.equals(sizes, others);
  }

  /** Whether its ways are final. */
  boolean isOver() {
    return over;
  }

  /** The ways to take now. */
  boolean[] ways(Object[] current) {
    if (!begun.get() && System.nanoTime() - created > PLAIN_FIRST_NANOS
        && BUSY.compareAndSet(false, true)) {
      begin(current);
    }
    return ways;
  }

  private void begin(Object[] current) {
    boolean started = false;
    begun.set(true);
    try {
      saved = copy(current);
      arrays = copy(current);
      Thread thread = new Thread(this, "kotangent-simd");
      thread.setDaemon(true);
      thread.start();
      started = true;
    } catch (OutOfMemoryError e) {
      // no room for a trial: plain loops stay
    } finally {
      if (!started) {
        drop();
      }
      over = !started;
      BUSY.set(started);
    }
  }

  private Object[] copy(Object[] current) {
    Slots slots = entry.slots();
    Object[] copy = current.clone();
    for (int i = 0; i < copy.length; i++) {
      if (slots.kinds[i] != 'c' && slots.kinds[i] != 'v') {
        copy[i] = Elements.make(slots.types[i], Elements.length(current[i]), slots.name);
        System.arraycopy(current[i], 0, copy[i], 0, Elements.length(current[i]));
      }
    }
    return copy;
  }

  @Override
  public void run() {
    try {
      if (isFaster()) {
        ways = simd;
      }
    } catch (RuntimeException | Error e) {
      // such as a Vector API that this code is not for: plain loops stay
    } finally {
      drop();
      over = true;
      BUSY.set(false);
    }
  }

  private void drop() {
    saved = GONE;
    arrays = GONE;
  }

  private boolean isFaster() {
    long begin = System.nanoTime();
    long bestSimd = Long.MAX_VALUE;
    long bestPlain = Long.MAX_VALUE;
    int rounds = 0;
    while (rounds < PATIENCE && System.nanoTime() - begin < LONGEST_NANOS) {
      long now = round(simd);
      rounds = now < bestSimd - bestSimd / 20 ? 0 : rounds + 1;
      bestSimd = Math.min(now, bestSimd);
      bestPlain = Math.min(round(plain), bestPlain);
    }
    return bestSimd < bestPlain - bestPlain / 20;
  }

  /** What a run takes at best, of as many as there is time for. */
  private long round(boolean[] taken) {
    long best = Long.MAX_VALUE;
    long begin = System.nanoTime();
    arrays[at] = taken;
    do {
      restore();
      long before = System.nanoTime();
      entry.run(arrays, sizes, 0, 1, entry);
      best = Math.min(System.nanoTime() - before, best);
    } while (System.nanoTime() - begin < ROUND_NANOS);
    return best;
  }

  /** What updates changed is as it was. */
  private void restore() {
    Slots slots = entry.slots();
    if (slots.updates) {
      for (int i = 0; i < arrays.length; i++) {
        if (slots.kinds[i] == 's') {
          System.arraycopy(saved[i], 0, arrays[i], 0, Elements.length(saved[i]));
        }
      }
    }
  }
}
