package io.kotangent.dsl.program;

import static io.kotangent.dsl.program.JavaModels.BATCH;
import static io.kotangent.dsl.program.JavaModels.DIGIT;
import static io.kotangent.dsl.program.JavaModels.PIXELS;
import static io.kotangent.dsl.program.JavaModels.TIME;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.Dataset;
import io.kotangent.data.SafeTensors;
import io.kotangent.dsl.Both;
import io.kotangent.dsl.Gradients;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizer;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Output;
import io.kotangent.dsl.Rate;
import io.kotangent.dsl.Session;
import io.kotangent.dsl.Training;
import io.kotangent.dsl.program.JavaModels.Column;
import io.kotangent.dsl.program.JavaModels.Edges;
import io.kotangent.dsl.program.JavaModels.Feature;
import io.kotangent.dsl.program.JavaModels.Gray;
import io.kotangent.dsl.program.JavaModels.Hidden;
import io.kotangent.dsl.program.JavaModels.Row;
import io.kotangent.ir.Graph;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Signature;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Workspace;
import io.kotangent.train.Metric;
import io.kotangent.type.Port;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Laws of whole networks in compiled code.
class CompiledTrainingTest {
  private static final int[] BATCHES = {64, 7, 2, 1, 0, 64};

  /// A network: how it is trained, and what it predicts row by row.
  private record Network(Training training, Output... outputs) {
    String name() {
      return training.model().name();
    }

    Graph prediction() {
      return training.model().graph(name() + "_predict", outputs);
    }
  }

  /// Dense layers with batch normalization and dropout, trained by Adam.
  private static Network dense(Optimizer optimizer) {
    var model = Model.named("dense");
    var x = model.input("x", BATCH, new Feature(19));
    var logits = x.dense(new Hidden(33)).batchNorm().relu().dropout(0.3).dense(new Feature(17))
        .batchNorm().swish().dense(DIGIT);
    var loss = logits.crossEntropy(model.ids("label", BATCH, DIGIT)).mean();
    return new Network(model.minimize(loss, optimizer), logits.softmax().named("p"),
        logits.argmax(DIGIT).named("digit"),
        Gradients.gradient(logits.square().sum(), x).named("slope"));
  }

  /// The sizes of the example.
  private static Network mnist() {
    var model = Model.named("mnist");
    var x = model.input("x", BATCH, PIXELS);
    var logits = x.dense(new Hidden(128)).relu().dense(new Feature(64)).relu().dense(DIGIT);
    var loss = logits.crossEntropy(model.ids("label", BATCH, DIGIT)).mean();
    return new Network(model.minimize(loss, Optimizers.adam(1e-3)), logits.named("logits"),
        Gradients.gradient(logits.square().sum(), x).named("slope"));
  }

  private static Network images() {
    var model = Model.named("images");
    var x = model.input("x", BATCH, new Row(12), new Column(10), new Gray(2));
    var logits = x.conv(3, new Edges(5)).batchNorm().relu().maxPool(2).dropout(0.2).flatten()
        .dense(DIGIT);
    var loss = logits.crossEntropy(model.ids("label", BATCH, DIGIT)).mean();
    return new Network(model.minimize(loss, Optimizers.adam(1e-2)), logits.softmax().named("p"),
        Gradients.gradient(logits.square().sum(), x).named("slope"));
  }

  private static Network recurrent() {
    var model = Model.named("recurrent");
    var hidden = new Hidden(9);
    var x = model.input("x", BATCH, TIME, new Feature(5));
    var start = model.input("start", BATCH, hidden);
    var scan = x.scan(TIME, new Both<>(start, start), (state, now) -> {
      var gate = now.dense(hidden).plus(state.first().dense(hidden)).sigmoid();
      var memory = state.second().times(gate).plus(now.dense(hidden).tanh().dropout(0.1));
      return new Both<>(memory.tanh(), memory);
    });
    var logits = scan.last().first().dense(DIGIT);
    var loss = logits.crossEntropy(model.ids("label", BATCH, DIGIT)).mean();
    return new Network(model.minimize(loss, Optimizers.adamW(1e-2, 0.01)),
        logits.softmax().named("p"),
        Gradients.gradient(logits.square().sum(), x).named("slope"));
  }

  private static Stream<Network> networks() {
    return Stream.of(dense(Optimizers.adam(1e-2)), images(), recurrent());
  }

  private static Stream<DynamicTest> each(Stream<Network> networks,
      Consumer<Network> law) {
    return networks
        .map(network -> DynamicTest.dynamicTest(network.name(), () -> law.accept(network)));
  }

  @TestFactory
  Stream<DynamicTest> aStepIsItsHalvesAndWhatItsPlanSays() {
    return each(Stream.concat(networks(), Stream.of(mnist())), CompiledTrainingTest::halves);
  }

  /// One program of each kind for batches of all sizes. The mean loss of no examples is not a number: nothing is updated.
  private static void halves(Network network) {
    Steps steps = new Steps(network.training());
    Program step = steps.step();
    Program gradients = steps.gradients();
    Program update = steps.update();
    Program interpreted = steps.interpreted(network.training().stepGraph());
    ModelState whole = steps.state();
    ModelState halves = steps.state();
    ModelState meant = steps.state();
    for (int i = 0; i < BATCHES.length; i++) {
      String what = network.name() + ", batch " + BATCHES[i];
      String before = whole.sha256();
      Workspace run = Steps.feed(step, BATCHES[i], i);
      boolean committed = step.run(run, whole);
      assertEquals(BATCHES[i] > 0, committed, what);
      assertEquals(committed, !before.equals(whole.sha256()), what);
      Workspace first = Steps.feed(gradients, BATCHES[i], i);
      gradients.run(first, halves);
      Workspace second = update.newWorkspace();
      for (Port port : update.signature().inputs()) {
        second.feedArray(port.name(), first.array(port.name()));
      }
      assertEquals(committed, update.run(second, halves), what);
      Workspace oracle = Steps.feed(interpreted, BATCHES[i], i);
      assertEquals(committed, interpreted.run(oracle, meant), what);
      String loss = Steps.bits(run, "loss", 0, 1);
      assertEquals(loss, Steps.bits(first, "loss", 0, 1), what);
      assertEquals(loss, Steps.bits(oracle, "loss", 0, 1), what);
      assertEquals(whole.sha256(), halves.sha256(), what);
      assertEquals(whole.sha256(), meant.sha256(), what);
    }
    assertEquals(BATCHES.length - 1, whole.longs("step")[0]);
  }

  @TestFactory
  Stream<DynamicTest> compiledStepsLearn() {
    return each(networks(), network -> {
      Steps steps = new Steps(network.training());
      Program step = steps.step();
      ModelState state = steps.state();
      double first = 0;
      double last = 0;
      Workspace run = Steps.feed(step, 32, 1);
      for (int i = 0; i < 100; i++) {
        assertTrue(step.run(run, state));
        last = run.scalar("loss");
        first = i == 0 ? last : first;
      }
      assertTrue(last < first / 2, network.name() + " from " + first + " to " + last);
    });
  }

  @TestFactory
  Stream<DynamicTest> aStepAllocatesNothing() {
    var thread = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory
        .getThreadMXBean();
    return each(Stream.concat(networks(), Stream.of(mnist())), network -> {
      Steps steps = new Steps(network.training());
      Program step = steps.step();
      ModelState state = steps.state();
      Workspace run = Steps.feed(step, 16, 1);
      long least = Long.MAX_VALUE;
      for (int window = 0; window < 12; window++) {
        long before = thread.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 20; i++) {
          step.run(run, state);
        }
        least = Math.min(least, thread.getCurrentThreadAllocatedBytes() - before);
      }
      assertEquals(0, least, "bytes in 20 steps");
    });
  }

  @TestFactory
  Stream<DynamicTest> aRowDoesNotDependOnItsBatch() {
    return each(Stream.concat(networks(), Stream.of(mnist())), CompiledTrainingTest::rows);
  }

  private static void rows(Network network) {
    Steps steps = new Steps(network.training());
    ModelState state = steps.state();
    steps.step().run(Steps.feed(steps.step(), 16, 3), state);
    Program predict = steps.compiled(network.prediction());
    Workspace all = Steps.feed(predict, 64, 5);
    predict.run(all, state);
    for (int batch : new int[] {1, 2, 7, 64}) {
      for (int from = 0; from + batch <= 64; from += Math.max(1, batch - 1)) {
        Workspace run = predict.newWorkspace();
        for (Port port : predict.signature().inputs()) {
          float[] rows = (float[]) Steps.values(port, 64, 5);
          int width = rows.length / 64;
          run.feed(port.name(),
              Arrays.copyOfRange(rows, from * width, (from + batch) * width));
        }
        predict.run(run, state);
        for (Signature.Result result : predict.signature().results()) {
          int width = all.length(result.name()) / 64;
          assertEquals(Steps.bits(all, result.name(), from * width, batch * width),
              Steps.bits(run, result.name(), 0, batch * width),
              result.name() + " of rows from " + from + " in a batch of " + batch);
        }
      }
    }
    predict.run(Steps.feed(predict, 0, 5), state);
  }

  private static Dataset examples() {
    Program step = new Steps(dense(Optimizers.adam(1e-2)).training()).step();
    float[] x = new float[0];
    int[] label = new int[0];
    for (Port port : step.signature().inputs()) {
      switch (port.name()) {
        case "x" -> x = (float[]) Steps.values(port, 100, 1);
        case "label" -> label = (int[]) Steps.values(port, 100, 1);
        default -> assertTrue(List.of("seed", "example").contains(port.name()), port.name());
      }
    }
    return Dataset.of(100).with("x", x).with("label", label);
  }

  private static Session session(Optimizer optimizer) {
    Network network = dense(optimizer);
    return network.training().compile(network.outputs()).initialize(2);
  }

  @Test
  void weightsSavedAndLoadedPredictTheSame(@TempDir Path directory) {
    Path file = directory.resolve("dense.safetensors");
    Dataset data = examples();
    Session session = session(Optimizers.adam(1e-2));
    session.trainer(data).batch(16).epochs(2).fit();
    SafeTensors.save(file, session.state(), session.state().weights());
    Session fresh = session(Optimizers.sgd(0.1)).initialize(9);
    assertFalse(Arrays.equals(session.predict(data).floats("p"),
        fresh.predict(data).floats("p")));
    SafeTensors.load(file, fresh.state(), fresh.state().weights());
    assertArrayEquals(session.predict(data).floats("p"), fresh.predict(data).floats("p"));
    assertArrayEquals(session.predict(data).ints("digit"), fresh.predict(data).ints("digit"));
    assertEquals(session.state().sha256(session.state().weights()),
        fresh.state().sha256(session.state().weights()));
  }

  /// A rate that is fed is the rate of the step: 0.1 for five steps, then 0.05.
  @Test
  void aScheduleOfRatesIsFollowed() {
    Dataset data = examples();
    Session fed = session(Optimizers.momentum(Rate.fed(), 0.9));
    fed.trainer(data).batch(20).unshuffled().rate(step -> step <= 5 ? 0.1 : 0.05).epochs(2).fit();
    Session early = session(Optimizers.momentum(0.1, 0.9));
    early.trainer(data).batch(20).unshuffled().epochs(1).fit();
    Session late = session(Optimizers.momentum(0.05, 0.9));
    late.state().copyFrom(early.state());
    late.trainer(data).batch(20).unshuffled().fromEpoch(2).epochs(2).fit();
    assertEquals(10, late.state().longs("step")[0]);
    assertEquals(late.state().sha256(), fed.state().sha256());
    early.trainer(data).batch(20).unshuffled().fromEpoch(2).epochs(2).fit();
    assertNotEquals(early.state().sha256(), fed.state().sha256());
  }

  @Test
  void metricsAreThoseOfThePredictions() {
    Dataset data = examples();
    Session session = session(Optimizers.adam(1e-2));
    var report = session.trainer(data).batch(16).epochs(30)
        .validate(session.prediction(), data, Metric.accuracy("p", "label")).fit();
    int[] digit = session.predict(data).ints("digit");
    int[] label = data.ints("label");
    int right = 0;
    for (int i = 0; i < label.length; i++) {
      right += digit[i] == label[i] ? 1 : 0;
    }
    assertEquals(right / 100.0, report.epochs().getLast().metrics().get("accuracy"), 1e-12);
    assertTrue(right > 50, "learned " + right);
  }

  @Test
  void threadsPredictTheSameAtOnce() throws Exception {
    Network network = dense(Optimizers.adam(1e-2));
    Steps steps = new Steps(network.training());
    ModelState state = steps.state();
    Program predict = steps.compiled(network.prediction());
    Workspace alone = Steps.feed(predict, 7, 1);
    predict.run(alone, state);
    String expected = Steps.bits(alone, "p", 0, 70);
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int task = 0; task < 8; task++) {
        tasks.add(() -> {
          Workspace run = Steps.feed(predict, 7, 1);
          boolean same = true;
          for (int i = 0; i < 300; i++) {
            predict.run(run, state);
            same &= expected.equals(Steps.bits(run, "p", 0, 70));
          }
          return same;
        });
      }
      for (Future<Boolean> same : pool.invokeAll(tasks)) {
        assertTrue(same.get());
      }
    }
  }
}
