package io.kotangent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing here may take long, even with more threads than processors: a thread that waits for ever is what is feared. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TeamTest {
  static final int MOST = 4;
  private static final long MUCH = 1_000_000_000_000L;

  private static final Signature SIGNATURE = new Signature("sums", List.of(), List.of(), List.of(),
      StateLayout.of(List.of()),
      List.of(new ArraySlot("shared", DType.I64, Dim.of(MOST), ArraySlot.Kind.WORKSPACE),
          new ArraySlot("own", DType.I64, Dim.ONE, ArraySlot.Kind.SCRATCH)),
      List.of(), List.of()).withWork(Dim.of(MUCH));

  /** Each thread leaves its number plus one, by way of its scratch, and looks at the sum. */
  static final Code SUMS = TeamTest::sums;

  private static boolean sums(Object[] arrays, int[] sizes, int thread, int threads,
      Runnable barrier) {
    long[] shared = (long[]) arrays[0];
    long[] own = (long[]) arrays[1];
    for (int round = 1; round <= 10; round++) {
      own[0] = (thread + 1L) * round;
      barrier.run();
      shared[thread] = own[0];
      barrier.run();
      long sum = 0;
      for (int i = 0; i < threads; i++) {
        sum += shared[i];
      }
      if (sum != round * threads * (threads + 1L) / 2) {
        throw new IllegalStateException("thread " + thread + " of " + threads + " sees " + sum);
      }
    }
    return true;
  }

  static Execution execution(Team team, int threads) {
    Execution execution = new Execution(SIGNATURE, team);
    execution.threads(threads, new Claim("a test"));
    execution.workIs(MUCH);
    return execution;
  }

  static Object[] arrays() {
    return new Object[] {new long[MOST], new long[1]};
  }

  @Test
  void threadsMeetAndSeeWhatOthersWrote() {
    Team team = new Team();
    for (int threads = 1; threads <= MOST; threads++) {
      int count = threads;
      for (int i = 0; i < 50; i++) {
        Object[] arrays = arrays();
        assertTrue(team.run((thread, all, barrier) -> {
          assertEquals(count, all);
          Object[] mine = {arrays[0], new long[1]};
          sums(mine, new int[0], thread, all, barrier);
        }, threads));
      }
    }
  }

  @Test
  void whatOneThreadThrowsComesOutOnceAndTheOthersStop() {
    Team team = new Team();
    for (int threads = 1; threads <= MOST; threads++) {
      for (int failing = 0; failing < threads; failing++) {
        int bad = failing;
        for (Throwable thrown : List.of(new KotangentException("as promised"), new Error("worse"),
            new ArithmeticException("/ by zero"))) {
          Throwable seen = assertThrows(Throwable.class, () -> team.run((thread, all, barrier) -> {
            barrier.run();
            if (thread == bad) {
              fail(thrown);
            }
            barrier.run();
            barrier.run();
          }, MOST));
          assertSame(thrown, seen);
        }
        assertTrue(team.run((thread, all, barrier) -> barrier.run(), threads), "goes on");
      }
    }
  }

  private static void fail(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) thrown;
  }

  @Test
  void ifAllFailTheFirstThreadIsHeard() {
    KotangentException e = assertThrows(KotangentException.class,
        () -> new Team().run((thread, all, barrier) -> {
          throw new KotangentException("thread " + thread);
        }, MOST));
    assertEquals("thread 0", e.getMessage());
  }

  @Test
  void anErrorOfAnotherThreadShowsTheCallersLines() {
    KotangentException e = assertThrows(KotangentException.class,
        () -> new Team().run((thread, all, barrier) -> {
          if (thread == 1) {
            throw new KotangentException("here");
          }
        }, 2));
    assertTrue(Arrays.stream(e.getStackTrace())
        .anyMatch(
            frame -> frame.getMethodName().equals("anErrorOfAnotherThreadShowsTheCallersLines")
                || frame.getClassName().equals(TeamTest.class.getName())));
  }

  @Test
  void whoFindsItBusyDoesTheWorkAlone() throws Exception {
    Team team = new Team();
    ExecutorService callers = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int threads = 1 + t % MOST;
        tasks.add(() -> {
          Execution execution = execution(team, threads);
          int runs = 0;
          for (int i = 0; i < 100; i++) {
            runs += execution.run(SUMS, arrays(), new int[0]) ? 1 : 0;
          }
          return runs;
        });
      }
      for (Future<Integer> runs : callers.invokeAll(tasks)) {
        assertEquals(100, runs.get());
      }
    } finally {
      callers.shutdown();
    }
  }

  @Test
  void aRunWithinARunIsMadeByOneThread() {
    Team team = new Team();
    boolean[] inner = {true};
    assertTrue(team.run((thread, all, barrier) -> {
      if (thread == 0) {
        inner[0] = team.run((t, a, b) -> {
        }, 2);
      }
    }, 2));
    assertFalse(inner[0]);
  }

  @Test
  void starvedThreadsOnlyCostTime() throws InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    List<Thread> others = new ArrayList<>();
    for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
      Thread busy = new Thread(() -> {
        while (!over.get()) {
          Thread.onSpinWait();
        }
      });
      busy.setDaemon(true);
      busy.start();
      others.add(busy);
    }
    Execution execution = execution(new Team(), MOST);
    for (int i = 0; i < 50; i++) {
      assertTrue(execution.run(SUMS, arrays(), new int[0]));
    }
    over.set(true);
    for (Thread busy : others) {
      busy.join();
    }
  }

  @Test
  void anInterruptedCallerGetsItsResultAndStaysInterrupted() {
    Execution execution = execution(new Team(), MOST);
    Thread.currentThread().interrupt();
    for (int i = 0; i < 20; i++) {
      assertTrue(execution.run(SUMS, arrays(), new int[0]));
    }
    assertTrue(Thread.interrupted());
  }

  @Test
  void oneThreadTouchesNoTeam() {
    Execution execution = execution(new Team(), 1);
    Thread caller = Thread.currentThread();
    assertTrue(execution.run((arrays, sizes, thread, threads, barrier) -> {
      assertEquals(1, threads);
      assertSame(caller, Thread.currentThread());
      assertSame(Code.ALONE, barrier);
      return true;
    }, arrays(), new int[0]));
    assertThrows(KotangentException.class, () -> execution.threads(0, new Claim("a test")));
  }

  @Test
  void nothingIsAllocatedByAnyThread() {
    var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    Execution execution = execution(new Team(), 2);
    Object[] arrays = arrays();
    int[] sizes = {};
    execution.run(SUMS, arrays, sizes);
    long[] ids = Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith("kotangent-")).mapToLong(Thread::getId).toArray();
    assertTrue(ids.length >= 1);
    long least = Long.MAX_VALUE;
    for (int window = 0; window < 20 && least != 0; window++) {
      long before = allocated(bean, ids);
      for (int i = 0; i < 200; i++) {
        execution.run(SUMS, arrays, sizes);
      }
      least = Math.min(least, allocated(bean, ids) - before);
    }
    assertEquals(0, least);
  }

  private static long allocated(com.sun.management.ThreadMXBean bean, long[] ids) {
    long sum = bean.getCurrentThreadAllocatedBytes();
    for (long id : ids) {
      sum += bean.getThreadAllocatedBytes(id);
    }
    return sum;
  }

  /** At each of some barriers, each of some threads fails, returns, interrupts itself or another: nobody waits for ever. */
  @Test
  void whateverAThreadDoesAtABarrierNobodyWaitsForEver() {
    Team team = new Team();
    int tried = 0;
    for (int threads = 2; threads <= MOST; threads++) {
      for (int odd = 0; odd < threads; odd++) {
        for (int at = 0; at < 4; at++) {
          for (Deed deed : Deed.values()) {
            tried++;
            oneIsOdd(team, threads, odd, at, deed);
            AtomicInteger came = new AtomicInteger();
            assertTrue(team.run((thread, all, barrier) -> {
              barrier.run();
              came.incrementAndGet();
              barrier.run();
            }, threads), "the team is not busy");
            assertEquals(threads, came.get());
          }
        }
      }
    }
    assertEquals((2 + 3 + 4) * 4 * Deed.values().length, tried);
  }

  private enum Deed {
    FAILS, DIES, RETURNS, IS_INTERRUPTED
  }

  private static void oneIsOdd(Team team, int threads, int odd, int at, Deed deed) {
    Team.Task task = (thread, all, barrier) -> {
      for (int round = 0; round < 4; round++) {
        if (thread == odd && round == at) {
          switch (deed) {
            case FAILS -> throw new KotangentException("as promised");
            case DIES -> throw new StackOverflowError("as promised");
            case RETURNS -> {
              return;
            }
            case IS_INTERRUPTED -> Thread.currentThread().interrupt();
          }
        }
        barrier.run();
      }
    };
    String what = deed + " in thread " + odd + " of " + threads + " at barrier " + at;
    if (deed == Deed.IS_INTERRUPTED) {
      assertTrue(team.run(task, threads), what);
      assertEquals(odd == 0, Thread.interrupted(), what);
    } else {
      Throwable e = assertThrows(Throwable.class, () -> team.run(task, threads), what);
      assertEquals(deed == Deed.DIES ? StackOverflowError.class : KotangentException.class,
          e.getClass(), what);
      assertTrue(e.getMessage().contains(deed == Deed.RETURNS ? "do not meet" : "as promised"),
          what + ": " + e);
    }
  }

  /** Threads of which only so many can be started. */
  private static Team limited(AtomicInteger possible) {
    return new Team(work -> new Thread(work) {
      {
        setDaemon(true);
      }

      @Override
      public void start() {
        if (possible.getAndDecrement() <= 0) {
          throw new OutOfMemoryError("unable to create native thread, says a test");
        }
        super.start();
      }
    }, 50_000_000);
  }

  @Test
  void threadsThatCannotBeStartedAreDoneWithout() {
    for (int possible = 0; possible < MOST; possible++) {
      Team team = limited(new AtomicInteger(possible));
      Execution execution = execution(team, MOST);
      for (int i = 0; i < 20; i++) {
        assertTrue(execution.run(SUMS, arrays(), new int[0]));
      }
      AtomicInteger came = new AtomicInteger();
      boolean done = team.run((thread, all, barrier) -> came.incrementAndGet(), MOST);
      assertEquals(possible > 0, done);
      assertEquals(done ? possible + 1 : 0, came.get());
    }
  }

  @Test
  void threadsWithoutWorkEndAndBeginAgain() throws InterruptedException {
    List<Thread> started = new ArrayList<>();
    Team team = new Team(work -> {
      Thread thread = Team.daemon(work);
      started.add(thread);
      return thread;
    }, 20_000_000);
    for (int round = 1; round <= 3; round++) {
      assertTrue(team.run((thread, all, barrier) -> barrier.run(), MOST));
      assertEquals(round * (MOST - 1), started.size());
      for (Thread thread : started) {
        thread.join(30_000);
        assertFalse(thread.isAlive());
      }
    }
  }
}
