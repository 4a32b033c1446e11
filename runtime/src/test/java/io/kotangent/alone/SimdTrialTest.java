package io.kotangent.alone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** SIMD code is taken where a trial finds it faster, and nowhere else; a trial changes nothing but that. */
class SimdTrialTest {
  private static final int STATE = 0;
  private static final int WAYS = 1;
  private static final int WORKSPACE = 2;

  /** A step that takes so long by plain loops and so long with SIMD code. */
  private static class Step extends SimdEntry {
    private static final Slots SLOTS =
        new Slots("entry step updates\narray s f 0\narray v b 2\narray w f 0\n", "");

    private final long plainNanos;
    private final long simdNanos;
    final AtomicInteger runs = new AtomicInteger();
    volatile float largest;

    Step(long plainNanos, long simdNanos) {
      this.plainNanos = plainNanos;
      this.simdNanos = simdNanos;
    }

    @Override
    Slots slots() {
      return SLOTS;
    }

    @Override
    void solve(long[] elements, int[] sizes) {
      // has no inputs
    }

    @Override
    void check(int[] sizes) {
      // all are right
    }

    @Override
    void lengths(int[] sizes, long[] inputs, long[] results, long[] arrays) {
      // are given
    }

    @Override
    void fits(int[] sizes, boolean[] flags) {
      flags[1] = has(sizes[0], 8) == 1;
    }

    @Override
    boolean run(Object[] arrays, int[] sizes, int thread, int threads, Runnable barrier) {
      runs.incrementAndGet();
      float[] state = (float[]) arrays[STATE];
      largest = Math.max(largest, state[0]);
      state[0]++;
      long end = System.nanoTime()
          + (((boolean[]) arrays[WAYS])[1] ? simdNanos : plainNanos);
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      return true;
    }
  }

  private static final boolean[] PLAIN = {false, false};
  private static final boolean[] SIMD = {false, true};

  private static Object[] arrays() {
    return new Object[] {new float[] {7}, PLAIN, new float[4]};
  }

  private static SimdTrial trial(SimdEntry entry, boolean[] simd, boolean always) {
    return new SimdTrial(entry, WAYS, new int[] {64}, PLAIN, simd, always);
  }

  /** The ways once its trial is over, or after half a minute. */
  private static boolean[] ways(SimdTrial trial, Object[] arrays) throws InterruptedException {
    for (int i = 0; i < 3000 && !trial.isOver(); i++) {
      trial.ways(arrays);
      Thread.sleep(10);
    }
    assertTrue(trial.isOver());
    return trial.ways(arrays);
  }

  @Test
  void fasterCodeIsTaken() throws InterruptedException {
    Step step = new Step(2_000_000, 200_000);
    Object[] arrays = arrays();
    SimdTrial trial = trial(step, SIMD, false);
    assertSame(PLAIN, trial.ways(arrays), "plain loops first");
    assertEquals(0, step.runs.get());
    assertSame(SIMD, ways(trial, arrays));
    assertArrayEquals(new float[] {7}, (float[]) arrays[STATE]);
    assertEquals(7, step.largest, "each run of a trial begins with the same state");
    assertTrue(step.runs.get() > 20);
  }

  @Test
  void slowerCodeIsNot() throws InterruptedException {
    assertSame(PLAIN, ways(trial(new Step(200_000, 2_000_000), SIMD, false), arrays()));
  }

  @Test
  void codeThatCannotRunIsNot() throws InterruptedException {
    Step broken = new Step(200_000, 0) {
      @Override
      boolean run(Object[] arrays, int[] sizes, int thread, int threads, Runnable barrier) {
        if (((boolean[]) arrays[WAYS])[1]) {
          throw new NoSuchMethodError("of another Vector API");
        }
        return super.run(arrays, sizes, thread, threads, barrier);
      }
    };
    assertSame(PLAIN, ways(trial(broken, SIMD, false), arrays()));
  }

  @Test
  void nothingIsTriedWhereNothingFits() {
    Step step = new Step(0, 0);
    SimdTrial trial = trial(step, PLAIN.clone(), false);
    assertTrue(trial.isOver());
    assertEquals(0, step.runs.get());
  }

  @Test
  void alwaysMeansWithoutATrial() {
    Step step = new Step(0, 0);
    SimdTrial trial = trial(step, SIMD, true);
    assertSame(SIMD, trial.ways(arrays()));
    assertTrue(trial.isOver());
    assertEquals(0, step.runs.get());
  }

  @Test
  void sizesAreKeptApart() {
    SimdTrial trial = trial(new Step(0, 0), SIMD, false);
    assertTrue(trial.isFor(new int[] {64}));
    assertTrue(!trial.isFor(new int[] {63}));
  }

  @Test
  void anyNumberOfSizesRuns() {
    Step step = new Step(0, 0);
    for (int size = 0; size < 500; size++) {
      Object[] arrays = arrays();
      arrays[WAYS] = Elements.NONE;
      arrays[WORKSPACE] = new float[size];
      step.choose(arrays, new int[] {size});
      assertEquals(2, ((boolean[]) arrays[WAYS]).length);
    }
  }
}
