package io.kotangent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.Dataset;
import io.kotangent.train.Predictor;
import io.kotangent.train.Trainer;
import io.kotangent.train.TrainingReport;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.train.Rates;
import io.kotangent.train.TrainingListener;
import io.kotangent.train.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** What is for one thread is refused to a second, at once; what others see is of one step. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConcurrentUseTest {
  private static final int SIZE = 64;
  /** A state whose elements are all the same between steps. */
  private static final StateLayout LAYOUT =
      StateLayout.of(List.of(new Port("w", Role.STATE,
          TensorType.of(DType.F32,
              Dim.of(SIZE)))));

  private static Program program(boolean updates, Code code) {
    List<ArraySlot> arrays = List.of(
        new ArraySlot("f32", DType.F32, Dim.of(SIZE),
            ArraySlot.Kind.STATE),
        new ArraySlot("y", DType.F32, Dim.of(SIZE),
            ArraySlot.Kind.RESULT));
    return Program.of(new Signature("same", List.of(), List.of(),
        List.of(new Signature.Result("y", LAYOUT.place("w").port().type())), LAYOUT, arrays,
        List.of(), List.of(), Dim.ZERO, updates), code);
  }

  private static final Program STEP = program(true, (arrays, sizes, thread, threads, barrier) -> {
    float[] w = (float[]) arrays[0];
    for (int i = 0; i < SIZE; i++) {
      w[i]++;
    }
    return true;
  });

  private static final Program READ = program(false, (arrays, sizes, thread, threads, barrier) -> {
    System.arraycopy(arrays[0], 0, arrays[1], 0, SIZE);
    return true;
  });

  private static void allSame(float[] values) {
    for (float value : values) {
      assertEquals(values[0], value, "two steps in one");
    }
  }

  private static <T> void refusedOr(AtomicInteger refused, Callable<T> use) throws Exception {
    try {
      use.call();
    } catch (ConcurrentUseException e) {
      refused.incrementAndGet();
    }
  }

  @Test
  void aWorkspaceInARunIsRefusedToOthersInEveryMethod() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Program slow = Program.of(Line.predict().signature(), (arrays, sizes, thread, threads, b) -> {
      inside.countDown();
      try {
        leave.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return true;
    });
    ModelState state = slow.newState();
    Workspace workspace = slow.newWorkspace().feed("x", 1f, 2f);
    Thread first = new Thread(() -> slow.run(workspace, state));
    first.start();
    inside.await();
    List<Executable> uses = List.of(() -> slow.run(workspace, state),
        () -> workspace.feed("x", 3f, 4f), () -> workspace.feedArray("x", new float[4], 2),
        () -> workspace.size("batch", 1), () -> workspace.threads(2),
        () -> workspace.result("y", new float[1]), () -> workspace.floats("y"),
        () -> workspace.array("y"), () -> workspace.scalar("y"), () -> workspace.length("y"));
    for (Executable use : uses) {
      String message = assertThrows(ConcurrentUseException.class, use).getMessage();
      assertTrue(message.contains("workspace of program predict"), message);
    }
    leave.countDown();
    first.join();
    assertDoesNotThrow(() -> workspace.floats("y"));
  }

  @Test
  void whoReadsAStateThatIsUpdatedSeesOneStepOrIsRefused() throws Exception {
    ModelState state = STEP.newState();
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger refused = new AtomicInteger();
    AtomicInteger copies = new AtomicInteger();
    ExecutorService readers = Executors.newFixedThreadPool(3);
    try {
      List<Future<?>> reading = new ArrayList<>();
      reading.add(readers.submit(() -> {
        Workspace own = READ.newWorkspace();
        while (!over.get()) {
          refusedOr(refused, () -> {
            READ.run(own, state);
            allSame(own.floats("y"));
            return 0;
          });
        }
        return 0;
      }));
      reading.add(readers.submit(() -> {
        while (!over.get()) {
          refusedOr(refused, () -> {
            allSame(state.floats("w"));
            return state.sha256();
          });
        }
        return 0;
      }));
      reading.add(readers.submit(() -> {
        while (!over.get()) {
          allSame(state.copy().floats("w")); // which is never refused
          copies.incrementAndGet();
        }
        return 0;
      }));
      Workspace own = STEP.newWorkspace();
      int steps = 0;
      while (steps < 50_000 || copies.get() < 200) {
        STEP.run(own, state);
        steps++;
      }
      over.set(true);
      for (Future<?> each : reading) {
        each.get();
      }
      assertEquals(steps, state.floats("w")[0]);
    } finally {
      over.set(true);
      readers.shutdown();
    }
  }

  @Test
  void stepsOfTwoThreadsAreRefusedOrOneAfterTheOther() throws Exception {
    ModelState state = STEP.newState();
    ExecutorService writers = Executors.newFixedThreadPool(4);
    AtomicInteger refused = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    try {
      Callable<Integer> writer = () -> {
        Workspace own = STEP.newWorkspace();
        for (int i = 0; i < 5000; i++) {
          refusedOr(refused, () -> {
            STEP.run(own, state);
            return done.incrementAndGet();
          });
        }
        return 0;
      };
      for (Future<Integer> each : writers.invokeAll(List.of(writer, writer, writer, writer))) {
        each.get();
      }
    } finally {
      writers.shutdown();
    }
    float[] all = state.floats("w");
    allSame(all);
    assertEquals(done.get(), all[0]);
    assertEquals(20_000, done.get() + refused.get());
  }

  @Test
  void aStateHalfUpdatedIsRefusedUntilItIsReplaced() {
    AtomicInteger left = new AtomicInteger();
    Program breaks = program(true, (arrays, sizes, thread, threads, barrier) -> {
      float[] w = (float[]) arrays[0];
      for (int i = 0; i < SIZE; i++) {
        if (left.getAndDecrement() == 0) {
          throw new StackOverflowError("as promised");
        }
        w[i]++;
      }
      return true;
    });
    ModelState state = breaks.newState();
    ModelState whole = state.copy();
    for (int at = 0; at < SIZE; at++) {
      left.set(at);
      assertThrows(StackOverflowError.class, () -> breaks.run(breaks.newWorkspace(), state));
      List<Executable> uses = List.of(() -> state.floats("w"), state::copy, state::sha256,
          () -> state.set("w", new float[SIZE]), () -> whole.copyFrom(state),
          () -> STEP.run(STEP.newWorkspace(), state), () -> READ.run(READ.newWorkspace(), state));
      for (Executable use : uses) {
        String message = assertThrows(KotangentException.class, use).getMessage();
        assertTrue(message.contains("half-way") && message.contains("copyFrom"), message);
      }
      state.copyFrom(whole);
      assertArrayEquals(whole.floats("w"), state.floats("w"));
      STEP.run(STEP.newWorkspace(), state);
      assertEquals(1, state.floats("w")[SIZE - 1]);
    }
  }

  @Test
  void whatIsThrownBeforeUpdatesLeavesTheStateUsable() {
    Program refuses = program(true, (arrays, sizes, thread, threads, barrier) -> {
      throw new KotangentException("a label out of range");
    });
    ModelState state = refuses.newState();
    assertThrows(KotangentException.class, () -> refuses.run(refuses.newWorkspace(), state));
    STEP.run(STEP.newWorkspace(), state);
    assertEquals(1, state.floats("w")[0]);
  }

  private static Dataset examples() {
    return Dataset.of(64).with("x", new float[128]).with("y", new float[64]);
  }

  private static Trainer trainer(ModelState state) {
    return Trainer.of(Line.step(), state, examples()).batch(4).epochs(3)
        .rate(Rates.constant(0.1));
  }

  @Test
  void aSecondTrainerOfAStateIsRefused() throws InterruptedException {
    ModelState state = Line.step().newState();
    List<Throwable> seen = new ArrayList<>();
    trainer(state).listen(new TrainingListener() {
      @Override
      public void onStart(Progress progress) {
        Thread other = new Thread(() -> {
          try {
            trainer(state).fit();
          } catch (ConcurrentUseException e) {
            seen.add(e);
          }
        });
        other.start();
        try {
          other.join();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }).fit();
    assertEquals(1, seen.size());
    assertTrue(seen.get(0).getMessage().contains("being trained already"));
    assertEquals(48, trainer(state).fit().steps());
  }

  @Test
  void anInterruptStopsATrainingAfterTheStep() {
    for (int at = 1; at <= 20; at++) {
      int last = at;
      ModelState state = Line.step().newState();
      TrainingReport report = trainer(state).listen(new TrainingListener() {
        @Override
        public void onStep(Progress progress) {
          if (progress.step() == last) {
            Thread.currentThread().interrupt();
          }
        }
      }).fit();
      assertTrue(Thread.interrupted(), "it stays interrupted");
      assertTrue(report.stopped());
      assertEquals(at, report.steps());
      assertEquals(at, state.longs("step")[0]);
    }
  }

  @Test
  void predictionsInBatchesAreOfOneStateOrRefused() {
    ModelState state = Line.predict().newState();
    Predictor predictor = new Predictor(Line.predict(), examples(), 8);
    assertEquals(64, predictor.predict(state).size());
    assertThrows(ConcurrentUseException.class, () -> state.read(() -> {
      Dataset seen = predictor.predict(state);
      state.set("w", new float[2]);
      return seen;
    }));
  }
}
