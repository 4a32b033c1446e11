package io.kotangent.dsl.program;

import static io.kotangent.dsl.program.JavaModels.BATCH;
import static io.kotangent.dsl.program.JavaModels.DIGIT;
import static io.kotangent.dsl.program.JavaModels.PIXELS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Training;
import io.kotangent.dsl.program.JavaModels.Column;
import io.kotangent.dsl.program.JavaModels.Edges;
import io.kotangent.dsl.program.JavaModels.Gray;
import io.kotangent.dsl.program.JavaModels.Hidden;
import io.kotangent.dsl.program.JavaModels.Row;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Workspace;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Training steps made by several threads: the same bits, nothing allocated, nothing left behind.
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThreadsTest {
  private static final int[] BATCHES = {64, 7, 2, 1, 0, 64, 64, 64};

  /// The sizes of the example.
  private static Training mnist() {
    var model = Model.named("mnist");
    var x = model.input("x", BATCH, PIXELS);
    var logits = x.dense(new Hidden(128)).relu().dense(new Hidden(64)).relu().dense(DIGIT);
    var loss = logits.crossEntropy(model.ids("label", BATCH, DIGIT)).mean();
    return model.minimize(loss, Optimizers.adam(1e-3));
  }

  private static Training images() {
    var model = Model.named("images");
    var x = model.input("x", BATCH, new Row(12), new Column(10), new Gray(2));
    var logits = x.conv(3, new Edges(8)).batchNorm().relu().maxPool(2).dropout(0.2).flatten()
        .dense(DIGIT);
    var loss = logits.crossEntropy(model.ids("label", BATCH, DIGIT)).mean();
    return model.minimize(loss, Optimizers.adam(1e-2));
  }

  /// The weights after some steps.
  private static String trained(Steps steps, Program step, int threads) {
    ModelState state = steps.state();
    for (int i = 0; i < BATCHES.length; i++) {
      Workspace run = Steps.feed(step, BATCHES[i], i).threads(threads);
      for (int j = 0; j < 4; j++) {
        step.run(run, state);
      }
    }
    return state.sha256();
  }

  @Test
  void weightsDoNotDependOnTheNumberOfThreads() {
    for (Training training : List.of(mnist(), images())) {
      Steps steps = new Steps(training);
      Program step = steps.step();
      assertNotEquals("0", step.signature().work().toString(), "threads have something to share");
      String alone = trained(steps, step, 1);
      assertNotEquals(steps.state().sha256(), alone);
      for (int threads : new int[] {2, 3, 4}) {
        assertEquals(alone, trained(steps, step, threads), threads + " threads");
      }
    }
  }

  @Test
  void manyTrainAtOnce() throws Exception {
    Steps steps = new Steps(mnist());
    Program step = steps.step();
    String alone = trained(steps, step, 1);
    ExecutorService callers = Executors.newFixedThreadPool(4);
    try {
      List<Callable<String>> tasks = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int threads = 1 + t % 4;
        tasks.add(() -> trained(steps, step, threads));
      }
      for (Future<String> sha : callers.invokeAll(tasks)) {
        assertEquals(alone, sha.get());
      }
    } finally {
      callers.shutdown();
    }
  }

  @Test
  void noThreadAllocates() {
    var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    Steps steps = new Steps(mnist());
    Program step = steps.step();
    ModelState state = steps.state();
    Workspace run = Steps.feed(step, 64, 1).threads(2);
    step.run(run, state);
    long least = Long.MAX_VALUE;
    for (int window = 0; window < 20 && least != 0; window++) {
      long before = allocated(bean);
      for (int i = 0; i < 20; i++) {
        step.run(run, state);
      }
      least = Math.min(least, allocated(bean) - before);
    }
    assertEquals(0, least, "bytes in 20 steps");
  }

  private static long allocated(com.sun.management.ThreadMXBean bean) {
    long sum = bean.getCurrentThreadAllocatedBytes();
    for (long id : WORKERS) {
      sum += bean.getThreadAllocatedBytes(id);
    }
    return sum;
  }

  private static final long[] WORKERS = workers();

  /// The team's threads, once they are started.
  private static long[] workers() {
    Steps steps = new Steps(mnist());
    trained(steps, steps.step(), 2);
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("kotangent-")).mapToLong(Thread::threadId)
        .toArray();
  }

  @Test
  void aDroppedProgramIsForgottenByTheTeam() throws InterruptedException {
    assertTrue(WORKERS.length > 0);
    WeakReference<Program> program = ranAndDropped();
    for (int i = 0; i < 100 && program.get() != null; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertEquals(null, program.get());
  }

  private static WeakReference<Program> ranAndDropped() {
    Steps steps = new Steps(mnist());
    Program step = steps.step();
    trained(steps, step, 2);
    return new WeakReference<>(step);
  }
}
