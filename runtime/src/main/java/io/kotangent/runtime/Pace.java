package io.kotangent.runtime;

/**
 * Decides, from how long runs take, whether the next one is made by one thread or by several. Several are expected to
 * be faster, so that is how it goes unless they were measured to be slower: when the machine is busy, threads wait
 * for a partner that has no processor. Then one thread works alone, for a pause that doubles each time, before
 * several are tried again.
 *
 * <p>The two ways are compared after 8, 16, 32 … runs, and at once when runs have become slower. The first runs after the
 * others were asleep do not count: waking them takes longer than many a run. Allocates nothing.
 */
final class Pace {
  private enum Phase {
    TOGETHER, COMPARING, ALONE
  }

  private static final int WINDOW = 8;
  private static final int ALONE_RUNS = 3;
  private static final int WAKING_RUNS = 2;
  private static final int LONGEST_INTERVAL = 4096;
  private static final long SHORTEST_PAUSE = 2_000_000;
  private static final long LONGEST_PAUSE = 1_000_000_000;
  private static final int SHORTEST_PAUSE_RUNS = 8;
  private static final int LONGEST_PAUSE_RUNS = 100;
  /** Runs over this are long enough for the machine's moods to even out in one. */
  private static final long LONG = 10_000_000;
  private static final double SLOWER = 1.5;

  private Phase phase = Phase.TOGETHER;
  private int runs;
  private int waking = WAKING_RUNS;
  private long sum;
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
    runs = 0;
    sum = 0;
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
    int least = nanos > LONG ? runs : WINDOW;
    boolean slow = sum > SLOWER * least * Math.min(accepted, alone);
    if (runs < WINDOW && !slow) {
      return;
    }
    sinceComparison += runs;
    together = (double) sum / runs;
    runs = 0;
    sum = 0;
    if (slow || sinceComparison >= interval) {
      enter(Phase.COMPARING);
      alone = Long.MAX_VALUE;
    }
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
      interval = Math.min(2 * interval, LONGEST_INTERVAL);
      pause = Math.max(SHORTEST_PAUSE, pause / 4);
      enter(Phase.TOGETHER);
    } else {
      accepted = Double.POSITIVE_INFINITY;
      interval = WINDOW;
      pause = Math.max(pause, SHORTEST_PAUSE_RUNS * alone);
      aloneUntil = now + pause;
      pause = Math.min(2 * pause, Math.max(LONGEST_PAUSE, LONGEST_PAUSE_RUNS * alone));
      enter(Phase.ALONE);
    }
  }

  private void enter(Phase next) {
    phase = next;
    runs = 0;
    sum = 0;
  }
}
