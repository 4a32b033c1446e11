package io.kotangent.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Decisions over simulated time. */
class PaceTest {
  private final Pace pace = new Pace();
  private final SplittableRandom random = new SplittableRandom(1);
  private long now;
  private int together;
  private long waking;
  private double interrupted;

  /** Runs for a while; times vary by a fifth. Returns how much of the time was spent as by the better way. */
  private double share(long duration, long nanosTogether, long nanosAlone) {
    long end = now + duration;
    long spent = 0;
    long ideal = 0;
    together = 0;
    boolean awake = false;
    while (now < end) {
      boolean all = pace.together(now);
      long nanos = (long) ((all ? nanosTogether : nanosAlone) * (0.9 + 0.2 * random.nextDouble()));
      nanos += all && !awake ? waking : 0;
      long lost = random.nextDouble() < interrupted ? 2_000_000 : 0;
      nanos += lost;
      awake = all;
      now += nanos;
      spent += nanos;
      ideal += lost + Math.min(nanosTogether, nanosAlone);
      if (all) {
        together++;
        pace.ranTogether(nanos);
      } else {
        pace.ranAlone(nanos, now);
      }
    }
    return (double) ideal / spent;
  }

  private static final long SECOND = 1_000_000_000;

  @Test
  void severalThreadsWorkIfTheyAreFaster() {
    assertTrue(share(SECOND, 60_000, 100_000) > 0.97);
    assertTrue(together > 10_000);
  }

  @Test
  void wakingTheOthersIsNotHeldAgainstThem() {
    waking = 300_000;
    assertTrue(share(SECOND, 80_000, 100_000) > 0.95);
    assertTrue(together > 10_000);
  }

  @Test
  void anInterruptedRunNowAndThenIsNotHeldAgainstThem() {
    interrupted = 0.01;
    assertTrue(share(SECOND, 60_000, 100_000) > 0.97);
  }

  @Test
  void aCompilerThatComesAndGoesIsFollowed() {
    long moment = SECOND * 3 / 10;
    double free = 0;
    double busy = 0;
    for (int i = 0; i < 10; i++) {
      busy += share(moment, 750_000, 200_000) / 10;
      free += share(moment, 120_000, 200_000) / 10;
    }
    assertTrue(busy > 0.9, "busy " + busy);
    assertTrue(free > 0.85, "free " + free);
  }

  @Test
  void oneThreadWorksIfTheMachineIsBusy() {
    share(SECOND, 60_000, 100_000);
    assertTrue(share(SECOND, 2_000_000, 100_000) > 0.85);
    assertTrue(share(5 * SECOND, 2_000_000, 100_000) > 0.95);
  }

  @Test
  void andSeveralAgainWhenItIsNot() {
    share(10 * SECOND, 2_000_000, 100_000);
    share(SECOND / 2, 60_000, 100_000);
    assertTrue(share(SECOND, 60_000, 100_000) > 0.97);
  }

  @Test
  void longRunsToo() {
    assertTrue(share(100 * SECOND, SECOND / 2, SECOND) > 0.8);
    share(100 * SECOND, 2 * SECOND, SECOND);
    assertTrue(share(1000 * SECOND, 2 * SECOND, SECOND) > 0.7);
  }

  @Test
  void otherSizesAreTimedAnew() {
    share(SECOND, 60_000, 100_000);
    pace.sizesChanged();
    assertTrue(share(SECOND, 6_000_000, 10_000_000) > 0.9);
    assertTrue(together > 100);
  }
}
