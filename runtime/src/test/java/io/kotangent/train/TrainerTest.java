package io.kotangent.train;

import static io.kotangent.runtime.Complaints.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.Dataset;
import io.kotangent.data.Shuffle;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.runtime.FeedException;
import io.kotangent.runtime.Line;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Signature;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.StateLayout;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Fact;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TrainerTest {
  private static final Dim BATCH = Dim.symbol("batch");

  /** y = 2a - 3b + 1. */
  private static Dataset plane(int examples) {
    SplittableRandom random = new SplittableRandom(5);
    float[] x = new float[2 * examples];
    float[] y = new float[examples];
    for (int i = 0; i < examples; i++) {
      x[2 * i] = (float) random.nextDouble(-1, 1);
      x[2 * i + 1] = (float) random.nextDouble(-1, 1);
      y[i] = 2 * x[2 * i] - 3 * x[2 * i + 1] + 1;
    }
    return Dataset.of(examples).with("x", x).with("y", y);
  }

  /** A step that writes down what it is fed; its loss is 1. */
  private static Program recorder(List<String> record) {
    List<Port> ports = List.of(new Port("x", Role.INPUT, TensorType.of(DType.I32, BATCH)),
        new Port("seed", Role.INPUT, TensorType.scalar(DType.I64)),
        new Port("example", Role.INPUT, TensorType.of(DType.I64, BATCH)),
        new Port("rate", Role.INPUT, TensorType.scalar(DType.F64)));
    List<ArraySlot> arrays = new ArrayList<>();
    ports.forEach(p -> arrays.add(
        new ArraySlot(p.name(), p.type().dtype(), p.type().shape().size(), ArraySlot.Kind.INPUT)));
    arrays.add(new ArraySlot("loss", DType.F64, Dim.ONE, ArraySlot.Kind.RESULT));
    return Program.of(new Signature("recorder", List.of("batch"), ports,
        List.of(new Signature.Result("loss", TensorType.scalar(DType.F64))),
        StateLayout.of(List.of()), arrays,
        List.of(), List.of()), (a, sizes, thread, threads, barrier) -> {
          StringBuilder text = new StringBuilder();
          for (int i = 0; i < sizes[0]; i++) {
            assertEquals(((int[]) a[0])[i], ((long[]) a[2])[i]);
            text.append(((int[]) a[0])[i]).append(' ');
          }
          record.add(text + "s" + ((long[]) a[1])[0] + " r" + ((double[]) a[3])[0]);
          ((double[]) a[4])[0] = 1;
          return true;
        });
  }

  private static List<String> recorded(int examples,
      java.util.function.UnaryOperator<Trainer> options) {
    List<String> record = new ArrayList<>();
    int[] x = new int[examples];
    for (int i = 0; i < examples; i++) {
      x[i] = i;
    }
    options.apply(Trainer.of(recorder(record), ModelState.NONE, Dataset.of(examples).with("x", x))
        .rate(s -> s / 4.0)).fit();
    return record;
  }

  @Test
  void aPlaneIsLearnedAndTheRunRepeats() {
    Dataset data = plane(200);
    List<String> hashes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      ModelState state = Line.step().newState();
      TrainingReport report = Trainer.of(Line.step(), state, data).batch(16).epochs(30).seed(3)
          .rate(Rates.constant(0.1))
          .validate(Line.predict(), data, Metric.meanSquaredError("y", "y"),
              Metric.r2("y", "y"))
          .fit();
      assertArrayEquals(new float[] {2, -3}, state.floats("w"), 1e-3f);
      assertArrayEquals(new float[] {1}, state.floats("b"), 1e-3f);
      assertEquals(30 * 13, report.steps());
      assertArrayEquals(new long[] {30 * 13}, state.longs("step"));
      assertEquals(30, report.epochs().size());
      EpochReport last = report.epochs().get(29);
      assertTrue(last.loss() < 1e-6 && last.metrics().get("mse") < 1e-6, last.toString());
      assertEquals(1, last.metrics().get("r2"), 1e-6);
      hashes.add(state.sha256() + report.lastLoss());
    }
    assertEquals(hashes.get(0), hashes.get(1));
  }

  @Test
  void theOrderFollowsFromSeedAndEpochAndEveryExampleComesOnce() {
    List<String> record = recorded(5, t -> t.batch(2).epochs(2).seed(9));
    assertEquals(6, record.size());
    int[] first = Shuffle.order(5, Shuffle.seed(9, 1));
    int[] second = Shuffle.order(5, Shuffle.seed(9, 2));
    assertEquals(first[0] + " " + first[1] + " s9 r0.25", record.get(0));
    assertEquals(first[4] + " s9 r0.75", record.get(2));
    assertEquals(second[0] + " " + second[1] + " s9 r1.0", record.get(3));
    assertNotEquals(List.of(first), List.of(second));
  }

  @Test
  void partialBatchesMayBeDroppedAndShufflingTurnedOff() {
    assertEquals(List.of("0 1 s0 r0.25", "2 3 s0 r0.5"),
        recorded(5, t -> t.batch(2).unshuffled().dropPartialBatches()));
    assertEquals(List.of("0 1 2 s0 r0.25"), recorded(3, t -> t.batch(100).unshuffled()));
  }

  @Test
  void trainingGoesOnFromAnyEpoch() {
    List<String> whole = recorded(7, t -> t.batch(3).epochs(3));
    assertEquals(whole.subList(6, 9), recorded(7, t -> t.batch(3).fromEpoch(3).epochs(3)));
    assertEquals(List.of(), recorded(7, t -> t.epochs(0)));
  }

  @Test
  void aLossThatIsNotFiniteStopsTheTrainingAndKeepsTheWeights() {
    Dataset data = plane(10);
    data.floats("y")[7] = Float.POSITIVE_INFINITY;
    ModelState state = Line.step().newState().set("w", new float[] {1, 1});
    List<String> hashes = new ArrayList<>(List.of(state.sha256()));
    NonFiniteException stop = assertRefused(NonFiniteException.class,
        () -> Trainer.of(Line.step(), state, data).batch(2).unshuffled().rate(Rates.constant(0.1))
            .listen(new TrainingListener() {
              @Override
              public void onStep(Progress progress) {
                hashes.add(state.sha256());
              }
            }).fit(),
        "step 4 (epoch 1): the loss is Infinity; training stopped, the weights are as before the step",
        "column 'y' of example 7 is Infinity (element 0); mend the data");
    assertEquals(4, stop.step());
    assertEquals(1, stop.epoch());
    assertEquals(Double.POSITIVE_INFINITY, stop.loss());
    assertEquals(4, hashes.size());
    assertEquals(hashes.get(3), state.sha256());
  }

  @Test
  void aDivergingTrainingNamesTheRate() {
    ModelState state = Line.step().newState();
    assertRefused(NonFiniteException.class,
        () -> Trainer.of(Line.step(), state, plane(10)).epochs(1000).rate(Rates.constant(1e6))
            .fit(),
        "try a smaller learning rate");
    assertTrue(Float.isFinite(state.floats("w")[0]));
  }

  @Test
  void aListenerMayStopTheTraining() {
    List<String> told = new ArrayList<>();
    TrainingReport report =
        Trainer.of(Line.step(), Line.step().newState(), plane(10)).batch(4).epochs(5)
            .rate(Rates.constant(0.1)).listen(new TrainingListener() {
              @Override
              public void onStart(Progress progress) {
                told.add("start");
              }

              @Override
              public void onStep(Progress progress) {
                told.add(
                    progress.epoch() + "/" + progress.epochs() + " " + progress.stepInEpoch() + "/"
                        + progress.stepsPerEpoch() + " #" + progress.step() + " of "
                        + progress.batch());
                if (progress.step() == 5) {
                  progress.stop();
                }
              }

              @Override
              public void onEpoch(Progress progress, EpochReport epoch) {
                told.add("epoch " + epoch.epoch() + " of " + epoch.steps());
              }

              @Override
              public void onEnd() {
                told.add("end");
              }
            }).fit();
    assertEquals(
        List.of("start", "1/5 1/3 #1 of 4", "1/5 2/3 #2 of 4", "1/5 3/3 #3 of 2", "epoch 1 of 3",
            "2/5 1/3 #4 of 4", "2/5 2/3 #5 of 4", "epoch 2 of 2", "end"),
        told);
    assertTrue(report.stopped());
    assertEquals(5, report.steps());
  }

  @Test
  void nothingIsAllocatedFromStepToStep() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] allocated = new long[101];
    Trainer.of(Line.step(), Line.step().newState(), plane(1001)).batch(10).epochs(100)
        .rate(s -> 1e-3)
        .listen(new TrainingListener() {
          private long before;

          @Override
          public void onStep(Progress progress) {
            long now = threads.getCurrentThreadAllocatedBytes();
            if (progress.stepInEpoch() > 1) {
              allocated[progress.epoch()] += now - before;
            }
            before = threads.getCurrentThreadAllocatedBytes();
          }
        }).fit();
    // Once or twice the JVM itself takes something on this thread.
    assertTrue(Arrays.stream(allocated).skip(51).filter(bytes -> bytes == 0).count() >= 45,
        () -> Arrays.toString(allocated));
  }

  @Test
  void dataThatDoesNotFitTheProgramIsRefused() {
    ModelState state = Line.step().newState();
    Dataset data = plane(4);
    assertRefused(KotangentException.class,
        () -> Trainer.of(Line.step(), state, data.renamed("x", "image")).fit(),
        "program line has the input x: input f32[batch,2], but the data set has no column of that name",
        "image f32[2]");
    assertRefused(KotangentException.class,
        () -> Trainer.of(Line.step(), state, data.with("x", new float[12])).fit(),
        "column 'x' has 3 elements an example, expected 2");
    assertRefused(KotangentException.class,
        () -> Trainer.of(Line.step(), state, data.with("y", new int[4])).fit(),
        "column 'y': expected float[], got int[]; give floats, such as 1f");
    assertRefused(KotangentException.class, () -> Trainer.of(Line.step(), state, data).fit(),
        "give the trainer a rate(…)");
    assertRefused(KotangentException.class,
        () -> Trainer.of(Line.step(), state, Dataset.of(0)).fit(),
        "no step to make: 0 examples");
    assertRefused(KotangentException.class, () -> Trainer.of(Line.step(), state, data).batch(0),
        "a batch of 0");
    assertRefused(KotangentException.class,
        () -> Trainer.of(Line.step(), state, data).batch(5).dropPartialBatches().fit(),
        "4 examples in batches of 5");
  }

  @Test
  void aLabelOutsideItsRangeStopsTheTraining() {
    Port label = new Port("label", Role.INPUT, TensorType.of(DType.I32, BATCH),
        List.of(new Fact.Range(0, 9)));
    Program door = Line.door(List.of("batch"), List.of(), label);
    Dataset data = Dataset.of(3).with("label", new int[] {1, 2, 10});
    assertRefused(FeedException.class,
        () -> Trainer.of(door, ModelState.NONE, data).loss("sum").unshuffled().fit(),
        "column 'label' of example 2 is 10 (element 0), expected a value from 0 to 9 for input 'label' of "
            + "program door; mend the data");
  }

  @Test
  void ratesThatGoUpAreRefused() {
    for (double rate : new double[] {-0.5, Double.NaN, Double.NEGATIVE_INFINITY}) {
      assertRefused(KotangentException.class,
          () -> Trainer.of(Line.step(), Line.step().newState(), plane(4)).batch(2)
              .rate(step -> step == 2 ? rate : 0.1).fit(),
          "the learning rate of step 2 is " + rate + ": expected a finite number of at least 0");
    }
  }
}
