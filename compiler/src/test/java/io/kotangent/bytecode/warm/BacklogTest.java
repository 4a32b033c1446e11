package io.kotangent.bytecode.warm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class BacklogTest {
  private static final long LONG_MILLIS = 60_000;
  private static final long SHORT_MILLIS = 10_000;

  private final List<Integer> done = Collections.synchronizedList(new ArrayList<>());
  private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());

  private long isDone(List<Integer> come, CountDownLatch latch) {
    threads.add(Thread.currentThread());
    done.addAll(come);
    come.forEach(_ -> latch.countDown());
    return 0;
  }

  @Test
  void whatIsAddedIsDoneInOrderByOneThread() throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(3);
    Backlog<Integer> backlog =
        new Backlog<>("backlog-test", LONG_MILLIS, come -> isDone(come, latch));
    for (int i = 0; i < 3; i++) {
      backlog.add(i);
      while (done.size() <= i) {
        Thread.onSpinWait(); // so that nothing is left when the next one comes
      }
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
    Backlog<Integer> backlog = new Backlog<>("backlog-test", 1, _ -> {
      latch.countDown();
      return latch.getCount() > 0 ? 1 : 0;
    });
    backlog.add(0);
    assertTrue(latch.await(LONG_MILLIS, TimeUnit.MILLISECONDS));
  }

  @Test
  void afterTheThreadHasEndedAnotherOneBegins() throws InterruptedException {
    CountDownLatch both = new CountDownLatch(2);
    Backlog<Integer> backlog = new Backlog<>("backlog-test", 1, come -> isDone(come, both));
    backlog.add(2);
    while (threads.isEmpty()) {
      Thread.onSpinWait();
    }
    threads.getFirst().join(LONG_MILLIS);
    backlog.add(3);
    assertTrue(both.await(LONG_MILLIS, TimeUnit.MILLISECONDS));
    assertNotSame(threads.getFirst(), threads.getLast());
  }

  @Test
  void whatARoundThrowsIsLoggedAndAnotherThreadDoesWhatComesNext() throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(1);
    Backlog<Integer> backlog = new Backlog<>("backlog-test", LONG_MILLIS, come -> {
      if (come.contains(-1)) {
        threads.add(Thread.currentThread());
        throw new IllegalArgumentException("no work for " + come);
      }
      return isDone(come, latch);
    });
    List<LogRecord> logged = logged(() -> {
      backlog.add(-1);
      while (threads.isEmpty()) {
        Thread.onSpinWait();
      }
      threads.getFirst().join(LONG_MILLIS);
    });
    assertEquals(List.of("no work for [-1]"),
        logged.stream().map(each -> each.getThrown().getMessage()).toList());
    backlog.add(4);
    assertTrue(latch.await(SHORT_MILLIS, TimeUnit.MILLISECONDS), "nobody does it");
    assertEquals(List.of(4), List.copyOf(done));
    assertNotSame(threads.getFirst(), threads.getLast());
    threads.getLast().interrupt();
  }

  /// What waits behind a round that throws has nobody else to begin a thread.
  @Test
  void whatCameDuringARoundThatThrowsIsDone() throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch added = new CountDownLatch(1);
    Backlog<Integer> backlog = new Backlog<>("backlog-test", LONG_MILLIS, come -> {
      if (come.contains(-1)) {
        begun.countDown();
        await(added);
        throw new IllegalArgumentException("no work for " + come);
      }
      return isDone(come, latch);
    });
    logged(() -> {
      backlog.add(-1);
      await(begun);
      backlog.add(5);
      added.countDown();
      assertTrue(latch.await(SHORT_MILLIS, TimeUnit.MILLISECONDS), "nobody does it");
    });
    threads.getLast().interrupt();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(LONG_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  /// What is logged meanwhile.
  private static List<LogRecord> logged(Work work) throws InterruptedException {
    List<LogRecord> records = Collections.synchronizedList(new ArrayList<>());
    Logger logger = Logger.getLogger("io.kotangent");
    Handler handler = new Handler() {
      @Override
      public void publish(LogRecord entry) {
        records.add(entry);
      }

      @Override
      public void flush() {
        // nothing is held back
      }

      @Override
      public void close() {
        // nothing is open
      }
    };
    boolean parents = logger.getUseParentHandlers();
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      work.run();
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(parents);
    }
    return List.copyOf(records);
  }

  @Test
  void whatFindsNoThreadIsDoneByTheNext() throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(4);
    int[] starts = {0};
    Backlog<Integer> backlog =
        new Backlog<>("backlog-test", 1, come -> isDone(come, latch), work -> new Thread(work) {
          @Override
          public void start() {
            if (++starts[0] <= 3) {
              throw new OutOfMemoryError("unable to create native thread, says a test");
            }
            super.start();
          }
        });
    for (int i = 0; i < 4; i++) {
      backlog.add(i);
    }
    assertTrue(latch.await(SHORT_MILLIS, TimeUnit.MILLISECONDS), "nobody does it");
    assertEquals(List.of(0, 1, 2, 3), List.copyOf(done));
  }
}
