package io.kotangent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A caller of a team that has too little stack. */
class TeamStackTest {
  /** At every distance from the end of the stack, with what a run does that was never compiled. */
  @Test
  void anOverflowOfTheStackLeavesNobodyWaiting() throws InterruptedException {
    Team team = new Team();
    Execution execution = TeamTest.execution(team, 3);
    AtomicReference<Throwable> other = new AtomicReference<>(new Throwable());
    AtomicInteger overflows = new AtomicInteger();
    Thread deep = new Thread(null, () -> {
      for (int i = 0; i < 300; i++) {
        try {
          descend(execution, i, overflows);
        } catch (StackOverflowError e) {
          overflows.incrementAndGet();
        } catch (Throwable e) {
          other.set(e);
        }
      }
    }, "deep", 300_000);
    deep.start();
    deep.join(100_000);
    assertFalse(deep.isAlive(), "waits for ever");
    assertEquals(Throwable.class, other.get().getClass(), () -> other.get().toString());
    assertTrue(overflows.get() > 0);
    assertTrue(team.run((thread, all, barrier) -> barrier.run(), TeamTest.MOST), "goes on");
  }

  /** Runs from so many frames above the first that does not fit. */
  @SuppressWarnings("InfiniteRecursion") // it ends by overflowing the stack
  private static int descend(Execution execution, int above, AtomicInteger overflows) {
    int below;
    try {
      below = descend(execution, above, overflows) + 1;
    } catch (StackOverflowError e) {
      below = 0;
    }
    if (below == above) {
      try {
        execution.run(TeamTest.SUMS, TeamTest.arrays(), new int[0]);
      } catch (StackOverflowError e) {
        overflows.incrementAndGet();
      }
    }
    return below;
  }
}
