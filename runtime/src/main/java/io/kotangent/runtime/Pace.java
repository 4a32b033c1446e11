package io.kotangent.runtime;

/**
 * Decides, from how long runs take, whether the next one is made by one thread or by several. Several are expected to
 * be faster, so that is how it goes unless they were measured to be slower: when the machine is busy, threads wait
 * for a partner that has no processor. Then one thread works alone, for a pause that doubles each time, before
 * several are tried again.
 *
 * <p>The two ways are compared after 8, 16, 32 … runs, and at once when runs have become slower. The first runs after the
 * others were asleep do not count: waking them takes longer than many a run. Nor does the slowest of several: the
 * machine interrupts a run now and then, however it is made. Allocates nothing.
 */
final class Pace {
  private enum Phase {
    TOGETHER, COMPARING, ALONE
  }

  private static final int WINDOW = 8;
  private static final int TRIAL = 3;
  private static final int ALONE_RUNS = 3;
  private static final int WAKING_RUNS = 2;
  private static final int LONGEST_INTERVAL = 4096;
  private static final long SHORTEST_PAUSE = 2_000_000;
  private static final int SHORTEST_PAUSE_RUNS = 8;
  /** The longest pause, in the times of trials that it lies between. */
  private static final int PAUSE_TRIALS = 32;
  /** Runs over this are long enough for the machine's moods to even out in one. */
  private static final long LONG = 10_000_000;
  private static final double SLOWER = 1.5;

  private Phase phase = Phase.TOGETHER;
  private int runs;
  private int waking = WAKING_RUNS;
  private long sum;
  private long slowest;
  private boolean trial;
  private int sinceComparison;
  private int interval = WINDOW;
  private double together;
  private double accepted = Double.POSITIVE_INFINITY;
  private long alone = Long.MAX_VALUE;
  private long pause = SHORTEST_PAUSE;
  private long aloneUntil;

  /** Whether a run that begins now should be made by several threads. */
  boolean together(long now) {
    if (phase == Phase.ALONE && now - aloneUntil >= 0) {
      trial = true;
      enter(Phase.TOGETHER);
    }
    return phase == Phase.TOGETHER;
  }

  /** The sizes are others than before: times cannot be compared with earlier ones. */
  void sizesChanged() {
    accepted = Double.POSITIVE_INFINITY;
    alone = Long.MAX_VALUE;
    if (phase == Phase.COMPARING) {
      enter(Phase.TOGETHER);
    }
    startWindow();
  }

  /** Takes note of a run by several threads. */
  void ranTogether(long nanos) {
    if (phase != Phase.TOGETHER) {
      return;
    }
    if (waking > 0 && nanos < LONG) {
      waking--;
      return;
    }
    runs++;
    sum += nanos;
    slowest = Math.max(slowest, nanos);
    boolean slow = isSlow(nanos > LONG);
    if (runs < WINDOW && !slow) {
      return;
    }
    sinceComparison += runs;
    together = runs > 1 ? (double) (sum - slowest) / (runs - 1) : sum;
    startWindow();
    if (slow || sinceComparison >= interval) {
      enter(Phase.COMPARING);
      alone = Long.MAX_VALUE;
    }
  }

  /** Whether the window's runs take so long already that the rest of them need not be made. */
  private boolean isSlow(boolean longRuns) {
    double limit = SLOWER * Math.min(accepted, alone);
    return longRuns ? sum > limit * runs
        : runs > 1 && sum - slowest > limit * ((trial ? TRIAL : WINDOW) - 1);
  }

  /** Takes note of a run by one thread, at a time. */
  void ranAlone(long nanos, long now) {
    waking = WAKING_RUNS;
    if (phase != Phase.COMPARING) {
      return;
    }
    alone = Math.min(alone, nanos);
    if (++runs < ALONE_RUNS) {
      return;
    }
    sinceComparison = 0;
    if (together <= alone) {
      accepted = together;
      trial = false;
      interval = Math.min(2 * interval, LONGEST_INTERVAL);
      pause = Math.max(SHORTEST_PAUSE, pause / 4);
      enter(Phase.TOGETHER);
    } else {
      accepted = Double.POSITIVE_INFINITY;
      interval = WINDOW;
      pause = Math.max(pause, SHORTEST_PAUSE_RUNS * alone);
      aloneUntil = now + pause;
      pause = Math.min(2 * pause, (long) (PAUSE_TRIALS * trialTime()));
      enter(Phase.ALONE);
    }
  }

  private double trialTime() {
    return together > LONG ? together : (WAKING_RUNS + TRIAL) * together;
  }

  private void enter(Phase next) {
    phase = next;
    startWindow();
  }

  private void startWindow() {
    runs = 0;
    sum = 0;
    slowest = 0;
  }
}
