package io.kotangent.alone;

import java.util.Arrays;

/**
 * An entry that has SIMD code beside its plain loops, with the same bits. Which of them it runs is found out by a trial for each
 * combination of sizes ({@link SimdTrial}); until then, and where the Vector API is not there, plain loops.
 */
abstract class SimdEntry extends Entry implements Runnable {
  /** Of so many sizes; with others, plain loops. */
  private static final int MOST = 64;
  private static final String USE = System.getProperty("kotangent.simd", "when-faster");
  private static final boolean IS_THERE = !USE.equals("never")
      && ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

  /** Where in the arrays of a run its ways are. */
  private final int at;
  private final boolean[] plain;
  private volatile SimdTrial[] trials = {};

  SimdEntry() {
    Slots slots = slots();
    at = String.valueOf(slots.kinds).indexOf('v');
    plain = new boolean[slots.indices[at]];
  }

  /** Sets the flags of that SIMD code which is for these sizes. */
  abstract void fits(int[] sizes, boolean[] flags);

  /** 1 if a size is large enough. */
  static int has(long size, long least) {
    return size >= least ? 1 : 0;
  }

  @Override
  void choose(Object[] arrays, int[] sizes) {
    arrays[at] = plain;
    if (IS_THERE) {
      for (SimdTrial trial : trials) {
        if (trial.isFor(sizes)) {
          arrays[at] = trial.ways(arrays);
          return;
        }
      }
      add(sizes);
    }
  }

  private synchronized void add(int[] sizes) {
    int count = trials.length;
    if (count < MOST) {
      boolean[] fitting = new boolean[plain.length];
      fits(sizes, fitting);
      SimdTrial[] all = Arrays.copyOf(trials, count + 1);
      all[count] = new SimdTrial(this, at, sizes, plain, fitting, USE.equals("always"));
      trials = all;
    }
  }

  /** What one thread meets at. */
  @Override
  public void run() {
    // is alone
  }
}
