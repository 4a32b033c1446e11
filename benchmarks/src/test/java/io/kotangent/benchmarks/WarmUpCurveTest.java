package io.kotangent.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpCurveTest {
  /// The first step after 400 ms, steps of 1 ms until 900 ms, then of 100 µs until 5 s.
  private static WarmUpCurve curve() {
    List<Long> ends = new ArrayList<>();
    for (long at = 400_000_000; at < 900_000_000; at += 1_000_000) {
      ends.add(at);
    }
    for (long at = 900_000_000; at <= 5_000_000_000L; at += 100_000) {
      ends.add(at);
    }
    return new WarmUpCurve(ends.stream().mapToLong(Long::longValue).toArray());
  }

  @Test
  void stepsAreCountedFromTheStartOfTheProcess() {
    assertEquals(400, curve().firstMillis());
    assertEquals(0, curve().stepsBy(0.3));
    assertEquals(500 + 1001, curve().stepsBy(1));
  }

  @Test
  void itIsWarmWhenAWindowIsAsFastAsTheEnd() {
    assertEquals(100, curve().steadyMicros(), 1e-6);
    // 9 slow steps and 410 fast ones are 50 ms, and 1.2 times as long as fast ones.
    assertEquals(941, curve().warmMillis(), 1);
  }

  @Test
  void stepsLongerThanAWindowCountEach() {
    long[] ends = new long[30];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = i < 5 ? 300_000_000L * (i + 1) : ends[i - 1] + 60_000_000;
    }
    assertEquals(1560, new WarmUpCurve(ends).warmMillis(), 1e-6);
  }

  @Test
  void aRealCurveIsMeasured() {
    WarmUpCurve curve = WarmUp.curve(Workloads.named("block-infer1").getFirst(), 1,
        System.nanoTime(), 0.3);
    assertTrue(curve.ends().length > 1);
    assertTrue(curve.warmMillis() >= curve.firstMillis());
  }
}
