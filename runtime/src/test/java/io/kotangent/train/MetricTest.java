package io.kotangent.train;

import static io.kotangent.runtime.Complaints.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.Dataset;
import io.kotangent.runtime.Line;
import io.kotangent.runtime.ModelState;
import io.kotangent.type.KotangentException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricTest {
  private static double of(Metric metric, Dataset predictions, Dataset data) {
    return metric.measure().of(predictions, data);
  }

  @Test
  void accuracyTakesTheFirstOfTheLargest() {
    Dataset scores = Dataset.of(4).with("p",
        new float[] {1, 1, 0, /**/ 0, Float.NaN, 3, /**/ Float.NEGATIVE_INFINITY,
            Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, /**/ 0, 1, 2});
    Dataset labels = Dataset.of(4).with("y", new int[] {0, 2, 0, 0});
    assertEquals(0.75, of(Metric.accuracy("p", "y"), scores, labels));
    assertEquals("top", Metric.accuracy("p", "y").named("top").name());
  }

  @Test
  void predictionsThatAreNoNumbersAreNotMeasured() {
    Dataset scores = Dataset.of(3).with("p",
        new float[] {1, 2, /**/ Float.NaN, 3, /**/ Float.NaN, Float.NaN});
    Dataset labels = Dataset.of(3).with("y", new int[] {0, 1, 1});
    assertRefused(KotangentException.class, () -> ConfusionMatrix.of(scores, "p", labels, "y"),
        "example 2: label 1, predicted NaN");
    assertRefused(KotangentException.class, () -> of(Metric.accuracy("p", "y"), scores, labels),
        "prediction 'p' of example 2 is NaN, so there is nothing to measure");
    Dataset twice = Dataset.of(3).with("t", new float[6]);
    for (Metric metric : List.of(Metric.meanSquaredError("p", "t"), Metric.r2("p", "t"),
        Metric.binaryAccuracy("p", "t", 0))) {
      assertRefused(KotangentException.class, () -> of(metric, scores, twice),
          "prediction 'p' of example 1 is NaN, so there is nothing to measure");
    }
  }

  @Test
  void binaryAccuracyComparesWithTheThreshold() {
    Dataset scores = Dataset.of(4).with("z", new float[] {-1, 0, 1, 2});
    Dataset targets =
        Dataset.of(4).with("y", new float[] {0, 1, 0, 0}).with("n", new int[] {0, 0, 0, 0});
    assertEquals(0.5, of(Metric.binaryAccuracy("z", "y", 0), scores, targets));
    assertEquals(0.5, of(Metric.binaryAccuracy("z", "n", 0.5), scores, targets));
    assertRefused(KotangentException.class,
        () -> of(Metric.binaryAccuracy("z", "y", 0), scores, Dataset.of(4).with("y", new float[8])),
        "'z' has 4 elements, but 'y' has 8");
  }

  @Test
  void errorsAndExplainedVariance() {
    Dataset p = Dataset.of(4).with("p", new double[] {1, 2, 3, 5});
    Dataset t = Dataset.of(4).with("t", new float[] {1, 2, 3, 4});
    assertEquals(0.25, of(Metric.meanSquaredError("p", "t"), p, t));
    assertEquals(0.8, of(Metric.r2("p", "t"), p, t), 1e-15);
    assertRefused(KotangentException.class,
        () -> of(Metric.r2("p", "t"), p, Dataset.of(4).with("t", new boolean[4])),
        "column 't' is bool");
  }

  @Test
  void aConfusionMatrixCountsAndPrints() {
    Dataset scores = Dataset.of(3).with("p", new float[] {1, 0, 0, 1, 0, 1});
    ConfusionMatrix matrix =
        ConfusionMatrix.of(scores, "p", Dataset.of(3).with("y", new int[] {0, 0, 1}), "y");
    assertEquals(2, matrix.classes());
    assertEquals(1, matrix.count(0, 1));
    assertEquals(2.0 / 3, matrix.accuracy());
    assertEquals("""
                 cat   dog
           cat     1     1
           dog     0     1
        """, matrix.table(List.of("cat", "dog")));
  }

  @Test
  void predictionsDoNotDependOnTheBatch() {
    ModelState state =
        Line.step().newState().set("w", new float[] {1, 10}).set("b", new float[] {100});
    float[] x = new float[14];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
    }
    Dataset data = Dataset.of(7).with("x", x);
    float[] whole = new Predictor(Line.predict(), data).predict(state).floats("y");
    assertArrayEquals(new float[] {110, 132, 154, 176, 198, 220, 242}, whole);
    for (int batch = 1; batch < 7; batch++) {
      assertArrayEquals(whole,
          new Predictor(Line.predict(), data, batch).predict(state).floats("y"));
    }
    assertRefused(KotangentException.class, () -> new Predictor(Line.step(), data),
        "program line has the input y: input f32[batch], but the data set has no column");
  }

  @Test
  void anEpochIsALine() {
    StringBuilder out = new StringBuilder();
    Dataset data = Dataset.of(2).with("x", new float[] {1, 2, 3, 4}).with("y", new float[] {0, 0});
    Trainer.of(Line.step(), Line.step().newState(), data).epochs(10).rate(Rates.constant(0))
        .unshuffled()
        .validate(Line.predict(), data, Metric.meanSquaredError("y", "y"))
        .listen(ProgressReport.lines(out)).fit();
    List<String> lines = out.toString().lines().toList();
    assertEquals(10, lines.size());
    assertEquals("epoch  1/10  loss 0.0000  mse 0.0000  0.0 s", lines.get(0));
  }

  @Test
  void withoutATerminalThereAreLines() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    TrainingListener listener = ProgressReport.terminal(out);
    TrainingListener bar = new Bar(out);
    Dataset data = Dataset.of(2).with("x", new float[] {1, 2, 3, 4}).with("y", new float[] {1, 1});
    Trainer.of(Line.step(), Line.step().newState(), data).rate(Rates.constant(0)).listen(listener)
        .fit();
    assertTrue(bytes.toString(StandardCharsets.UTF_8).contains("epoch 1/1  loss 1.0000"));
    bytes.reset();
    Trainer.of(Line.step(), Line.step().newState(), data).batch(1).rate(Rates.constant(0))
        .listen(bar).fit();
    String text = bytes.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("epoch 1/1") && text.contains("loss 1.0000"), text);
    assertEquals(Map.of(), new EpochReport(1, 1, 1, 1, Map.of()).metrics());
  }
}
