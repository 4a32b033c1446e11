package io.kotangent.dsl.program;

import static io.kotangent.dsl.program.JavaModels.BATCH;
import static io.kotangent.dsl.program.JavaModels.DIGIT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.Dataset;
import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Session;
import io.kotangent.dsl.program.JavaModels.Hidden;
import io.kotangent.runtime.ConcurrentUseException;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.train.Trainer;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many threads, mixed batches, interrupts, predictions while training; each for a moment, and for long with `-Pfaults`.
@Timeout(value = 900, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoadTest {
  private static final int WIDTH = 32;
  private static final int EXAMPLES = 200;
  private static final long MEGABYTE = 1 << 20;
  /// By how much memory may have grown in the end: whatever is kept by a run, a thread or a training comes to more.
  private static final long MOST_HEAP = 8 * MEGABYTE;
  private static final long MOST_CLASSES = 8 * MEGABYTE;

  /// Bytes in use after a collection: of objects, and of classes and their code.
  private record Memory(long heap, long classes) {
    static Memory now() {
      System.gc();
      MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
      return new Memory(memory.getHeapMemoryUsage().getUsed(),
          ManagementFactory.getMemoryPoolMXBeans().stream()
              .filter(pool -> pool.getName().equals("Metaspace"))
              .mapToLong(pool -> pool.getUsage().getUsed()).sum());
    }

    /// @param isSettled whether what is done beside a training for a moment (trials of SIMD code) is over by now
    void hasNotGrown(boolean isSettled) throws InterruptedException {
      Memory now = now();
      for (int i = 0; i < 10 && isMore(now); i++) {
        Thread.sleep(300);
        now = now();
      }
      String what = this + " before, then " + now;
      System.out.println(what);
      assertTrue(!isSettled || !isMore(now), what);
    }

    private boolean isMore(Memory now) {
      return now.heap - heap >= MOST_HEAP || now.classes - classes >= MOST_CLASSES;
    }
  }

  private static Session session() {
    var model = Model.named("load");
    var x = model.input("x", BATCH, Axis.of(Hidden.class, WIDTH));
    var scores = x.dense(new Hidden(48)).relu().dense(DIGIT);
    var loss = scores.crossEntropy(model.ids("label", BATCH, DIGIT)).mean();
    return model.minimize(loss, Optimizers.adam(1e-3)).compile(scores.named("scores"))
        .initialize(1);
  }

  private static Dataset examples(int count) {
    SplittableRandom random = new SplittableRandom(count);
    float[] x = new float[count * WIDTH];
    int[] labels = new int[count];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextDouble();
    }
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(10);
    }
    return Dataset.of(count).with("x", x).with("label", labels);
  }

  @Test
  void manyThreadsShareAProgramForAMoment() throws Exception {
    hammer(32, 40);
  }

  @Test @Tag("faults")
  void manyThreadsShareAProgramForLong() throws Exception {
    hammer(32, 20_000);
  }

  /// Each thread predicts by a workspace of its own, with batches of any size, and gets what one thread alone gets.
  private static void hammer(int threads, int rounds) throws Exception {
    Session session = session();
    Program program = session.prediction();
    float[] x = examples(EXAMPLES).floats("x");
    Workspace alone = program.newWorkspace().feed("x", x).threads(1);
    program.run(alone, session.state());
    float[] expected = alone.floats("scores");
    Memory before = Memory.now();
    ExecutorService callers = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int seed = t;
        all.add(callers.submit(() -> {
          SplittableRandom random = new SplittableRandom(seed);
          Workspace own = program.newWorkspace().threads(1 + seed % 3);
          for (int i = 0; i < rounds; i++) {
            int count = random.nextInt(EXAMPLES + 1);
            program.run(own.feedArray("x", x, count * WIDTH), session.state());
            float[] scores = own.floats("scores");
            assertArrayEquals(Arrays.copyOf(expected, count * 10), scores);
          }
          return 0;
        }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      callers.shutdown();
    }
    before.hasNotGrown(rounds > 1000);
  }

  @Test
  void trainingIsInterruptedAndWatchedForAMoment() throws Exception {
    soak(1500);
  }

  @Test @Tag("faults")
  void trainingIsInterruptedAndWatchedForTenMinutes() throws Exception {
    soak(600_000);
  }

  /// One thread trains, in batches of all sizes, and is interrupted all the time; one predicts by snapshots; one tries to train as well.
  private static void soak(long millis) throws Exception {
    Session session = session();
    Dataset data = examples(EXAMPLES);
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger predictions = new AtomicInteger();
    AtomicInteger stops = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    Thread trainer = new Thread(() -> train(session, data, over, stops), "trainer");
    trainer.start();
    try {
      Future<?> watching = threads.submit(() -> {
        while (!over.get()) {
          ModelState seen = session.snapshot();
          String sha = seen.sha256();
          assertEquals(EXAMPLES, session.predict(data, seen).size());
          assertEquals(sha, seen.sha256());
          predictions.incrementAndGet();
        }
        return 0;
      });
      Future<?> second = threads.submit(() -> {
        while (!over.get()) {
          try {
            session.trainer(data).batch(50).fit();
          } catch (ConcurrentUseException e) {
            Thread.sleep(5);
          }
        }
        return 0;
      });
      interrupt(trainer, millis / 10, predictions, stops);
      Memory before = Memory.now();
      interrupt(trainer, millis - millis / 10, predictions, stops);
      over.set(true);
      watching.get();
      second.get();
      trainer.join();
      System.out.println(stops + " trainings interrupted, " + predictions + " predictions");
      before.hasNotGrown(millis > 60_000);
    } finally {
      over.set(true);
      threads.shutdown();
    }
    assertTrue(session.state().longs("step")[0] > 0);
  }

  /// So long, and until it has come to something.
  private static void interrupt(Thread trainer, long millis, AtomicInteger predictions,
      AtomicInteger stops) throws InterruptedException {
    long end = System.currentTimeMillis() + millis;
    while (System.currentTimeMillis() < end || predictions.get() < 3 || stops.get() < 3) {
      Thread.sleep(10);
      trainer.interrupt();
    }
  }

  private static void train(Session session, Dataset data, AtomicBoolean over,
      AtomicInteger stops) {
    SplittableRandom random = new SplittableRandom(3);
    while (!over.get()) {
      Trainer trainer = session.trainer(data).batch(1 + random.nextInt(EXAMPLES)).epochs(50);
      try {
        stops.addAndGet(trainer.fit().stopped() ? 1 : 0);
      } catch (ConcurrentUseException e) {
        Thread.onSpinWait(); // the other was first
      }
      Thread.interrupted();
    }
  }

  @Test
  void whoPredictsWithAStateThatIsTrainedIsRefusedOrSeesOneStep() {
    Session session = session();
    Dataset data = examples(EXAMPLES);
    ModelState before = session.snapshot();
    assertThrows(ConcurrentUseException.class, () -> session.state().read(() -> {
      Dataset seen = session.predict(data);
      session.trainer(data).fit();
      return seen;
    }));
    assertArrayEquals(session.predict(data, before).floats("scores"),
        session.predict(data, before).floats("scores"));
  }
}
