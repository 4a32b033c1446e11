package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class BacklogTest {
  private static final long LONG_MILLIS = 60_000;

  private final List<Integer> done = Collections.synchronizedList(new ArrayList<>());
  private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());

  private boolean isDone(List<Integer> come, CountDownLatch latch) {
    threads.add(Thread.currentThread());
    done.addAll(come);
    come.forEach(_ -> latch.countDown());
    return false;
  }

  @Test
  void whatIsAddedIsDoneInOrderByOneThread() throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(3);
    Backlog<Integer> backlog =
        new Backlog<>("backlog-test", LONG_MILLIS, 1, come -> isDone(come, latch));
    for (int i = 0; i < 3; i++) {
      backlog.add(i);
    }
    assertTrue(latch.await(LONG_MILLIS, TimeUnit.MILLISECONDS));
    assertEquals(List.of(0, 1, 2), List.copyOf(done));
    assertEquals(1, threads.stream().distinct().count());
    assertTrue(threads.getFirst().isDaemon());
    threads.getFirst().interrupt();
  }

  @Test
  void roundsGoOnWhileSomethingIsLeft() throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(5);
    Backlog<Integer> backlog = new Backlog<>("backlog-test", 1, 1, _ -> {
      latch.countDown();
      return latch.getCount() > 0;
    });
    backlog.add(0);
    assertTrue(latch.await(LONG_MILLIS, TimeUnit.MILLISECONDS));
  }

  @Test
  void afterTheThreadHasEndedAnotherOneBegins() throws InterruptedException {
    CountDownLatch both = new CountDownLatch(2);
    Backlog<Integer> backlog = new Backlog<>("backlog-test", 1, 1, come -> isDone(come, both));
    backlog.add(2);
    while (threads.isEmpty()) {
      Thread.onSpinWait();
    }
    threads.getFirst().join(LONG_MILLIS);
    backlog.add(3);
    assertTrue(both.await(LONG_MILLIS, TimeUnit.MILLISECONDS));
    assertNotSame(threads.getFirst(), threads.getLast());
  }
}
