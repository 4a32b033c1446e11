package io.kotangent.dsl.program;

import static io.kotangent.dsl.Layers.dense;
import static io.kotangent.dsl.Layers.sequential;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Initializer;
import io.kotangent.dsl.Matrix;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Padding;
import io.kotangent.dsl.Training;
import io.kotangent.dsl.Units;
import io.kotangent.dsl.program.JavaModels.Batch;
import io.kotangent.dsl.program.JavaModels.Column;
import io.kotangent.dsl.program.JavaModels.Edges;
import io.kotangent.dsl.program.JavaModels.Feature;
import io.kotangent.dsl.program.JavaModels.Gray;
import io.kotangent.dsl.program.JavaModels.Hidden;
import io.kotangent.dsl.program.JavaModels.Row;
import io.kotangent.ir.Graph;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Layers are their formulas, in training and in inference.
class LayersTest {
  private record Inputs(int size) implements Axis<Inputs> {
  }

  private record Answer(int size) implements Axis<Answer> {
  }

  private static final Batch BATCH = new Batch();

  @Test
  void theBlockModelHas41601Parameters() {
    Model block = Model.named("block");
    var hidden = new Hidden(100);
    Units<Answer> network =
        sequential(dense(hidden).relu(), dense(hidden).relu(), dense(hidden).relu(),
            dense(hidden).relu(), dense(hidden).relu(), dense(new Answer(1)).sigmoid());
    network.apply(block.input("x", BATCH, new Inputs(10)));
    assertEquals("""
        Model: block
        ──────────────────────────────────────────
        Layer         Output shape      Parameters
        ──────────────────────────────────────────
        dense1        [batch,100]            1,100
        dense2        [batch,100]           10,100
        dense3        [batch,100]           10,100
        dense4        [batch,100]           10,100
        dense5        [batch,100]           10,100
        dense6        [batch,1]                101
        ──────────────────────────────────────────
        Total                               41,601
        """, block.summary());
  }

  @Test
  void logisticRegressionIsThisGraph() {
    Model model = Model.named("logistic");
    Matrix<Batch, Inputs> x = model.input("x", BATCH, new Inputs(30));
    var p = x.dense(new Answer(1)).sigmoid();
    assertEquals("""
        graph predict(x: input f32[batch,30], dense1.w: param f32[30,1], dense1.b: param f32[1]) {
          %0 = contract[ax,xy->ay] x, dense1.w          : f32[batch,1]
          %1 = broadcast[dims=1, to=(batch,1)] dense1.b : f32[batch,1]
          %2 = add %0, %1                               : f32[batch,1]
          %3 = sigmoid %2                               : f32[batch,1]
          return p=%3
        }
        """, GraphPrinter.printWithoutOrigins(model.graph("predict", p.named("p"))));
  }

  @Test
  void aLayerUsedTwiceSharesItsWeights() {
    Model model = Model.named("twins");
    var hidden = new Hidden(4);
    Units<Hidden> layer = dense(hidden).tanh();
    var y = layer.apply(layer.apply(model.input("x", BATCH, hidden)));
    assertEquals(List.of("dense1.w", "dense1.b"), model.parameterNames());
    dense(hidden).apply(y);
    assertEquals(List.of("dense1.w", "dense1.b", "dense2.w", "dense2.b"), model.parameterNames());
    Model other = Model.named("other");
    other.scope("encoder", () -> layer.apply(other.input("x", BATCH, hidden)));
    assertEquals(List.of("encoder.dense1.w", "encoder.dense1.b"), other.parameterNames());
  }

  @Test
  void batchNormIsItsFormulasInBothModes() {
    Model model = Model.named("norm", DType.F64);
    var feature = new Feature(2);
    var x = model.input("x", BATCH, feature);
    var y = x.batchNorm();
    Training training = model.minimize(y.square().times(x).sum(), Optimizers.sgd(0.1));
    double[] data = {1, 10, 2, 30, 4, 20, 5, -8};
    Graph gradients = training.gradientGraph();
    Feed feed =
        new Feed().set(gradients, "x", data).set(training.stepGraph(), "batchNorm1.scale", 2, 3)
            .set(training.stepGraph(), "batchNorm1.shift", 0.5, -1)
            .set(training.stepGraph(), "batchNorm1.mean", 1, 2)
            .set(training.stepGraph(), "batchNorm1.variance", 4, 9);
    var result = feed.run(gradients);
    double[] mean = {3, 13};
    double[] variance = {(4 + 1 + 1 + 4) / 4.0, (9 + 17 * 17 + 49 + 21 * 21) / 4.0};
    double loss = 0;
    double[] inference = new double[8];
    for (int i = 0; i < 8; i++) {
      int c = i % 2;
      double scale = c == 0 ? 2 : 3;
      double shift = c == 0 ? 0.5 : -1;
      double trained = (data[i] - mean[c]) / Math.sqrt(variance[c] + 1e-5) * scale + shift;
      loss += trained * trained * data[i];
      inference[i] =
          (data[i] - (c == 0 ? 1 : 2)) / Math.sqrt((c == 0 ? 4 : 9) + 1e-5) * scale + shift;
    }
    assertEquals(loss, result.result("loss").real(0), 1e-9);
    assertArrayEquals(new double[] {0.9 + 0.3, 1.8 + 1.3},
        Feed.numbers(result.result("next.batchNorm1.mean")), 1e-12);
    assertArrayEquals(new double[] {0.9 * 4 + 0.1 * variance[0], 0.9 * 9 + 0.1 * variance[1]},
        Feed.numbers(result.result("next.batchNorm1.variance")), 1e-12);
    Graph predict = model.graph("predict", y.named("y"));
    assertArrayEquals(inference, Feed.numbers(feed.run(predict).result("y")), 1e-9);
    assertFalse(GraphPrinter.print(predict).contains("reduce"),
        "inference needs no statistics of the batch");
    feed.set("step", 0L).step(training.stepGraph());
    assertEquals(1.2, feed.get("batchNorm1.mean").real(0), 1e-12);
  }

  private static double[] dropped(Training training, int seed, int step, int examples) {
    double[] ones = new double[examples * 100];
    Arrays.fill(ones, 1);
    Graph graph = training.gradientGraph();
    return Feed
        .numbers(new Feed().set(graph, "x", ones).set("seed", (long) seed).set("step", (long) step)
            .set(graph, "w", new double[100]).run(graph).result("next.seen"));
  }

  @Test
  void dropoutKeepsTheMeanFollowsTheSeedAndIsNothingInInference() {
    Model model = Model.named("drop");
    var hidden = new Hidden(100);
    var batch = new JavaModels.Digit(200);
    var x = model.input("x", batch, hidden);
    var w = model.parameter("w", hidden);
    var y = x.dropout(0.2);
    model.state("seen", batch, hidden).next(y);
    Training training = model.minimize(y.dot(w).sum(), Optimizers.sgd(0.1));
    double[] first = dropped(training, 7, 0, 200);
    assertTrue(Arrays.stream(first).allMatch(v -> v == 0 || v == 1.25),
        "kept ones are divided by 0.8");
    assertEquals(0.8, Arrays.stream(first).filter(v -> v != 0).count() / 20000.0, 0.01);
    assertArrayEquals(first, dropped(training, 7, 0, 200));
    assertFalse(Arrays.equals(first, dropped(training, 8, 0, 200)));
    assertFalse(Arrays.equals(first, dropped(training, 7, 1, 200)));
    Graph predict = model.graph("predict", y.named("y"));
    assertEquals(List.of("x"), predict.ports().stream().map(p -> p.name()).toList());
  }

  @Test
  void dropoutOfAnExampleDoesNotDependOnTheBatch() {
    Model model = Model.named("rows");
    var hidden = new Hidden(100);
    var x = model.input("x", BATCH, hidden);
    var y = x.dropout(0.5);
    var w = model.parameter("w", hidden);
    Graph graph = model.minimize(y.dot(w).sum(), Optimizers.sgd(0.1)).gradientGraph();
    assertTrue(GraphPrinter.print(graph).contains("random[stream=\"dropout1\", per_example=true]"));
    double[][] gradients = new double[2][];
    for (int batch = 1; batch <= 2; batch++) {
      double[] data = new double[batch * 100];
      Arrays.fill(data, 0, 100, 1);
      gradients[batch - 1] =
          Feed.numbers(new Feed().set(graph, "x", data).set("seed", 1L).set("step", 0L)
              .set(graph, "w", new double[100]).run(graph).result("grad.w"));
    }
    assertArrayEquals(gradients[0], gradients[1]);
  }

  private static double[] initial(Initializer start, int in, int out, long seed) {
    Model model = Model.named("init");
    model.parameter("w", new Inputs(in), new Hidden(out), start);
    return Feed.numbers(new Feed().set("seed", seed).run(model.initGraph()).result("w"));
  }

  private static void spreads(Initializer start, double deviation, double limit) {
    double[] w = initial(start, 200, 100, 3);
    double mean = Arrays.stream(w).average().orElseThrow();
    double square = Arrays.stream(w).map(v -> v * v).average().orElseThrow();
    assertEquals(0, mean, deviation / 30, start + " has mean 0");
    assertEquals(deviation, Math.sqrt(square), deviation / 30, start + " has its deviation");
    double far = Arrays.stream(w).map(Math::abs).max().orElseThrow();
    assertTrue(far <= limit && far > 0.98 * Math.min(limit, 3.5 * deviation),
        start + " reaches " + far);
    assertArrayEquals(w, initial(start, 200, 100, 3));
    assertFalse(Arrays.equals(w, initial(start, 200, 100, 4)));
  }

  @Test
  void initializersHaveTheirSpread() {
    spreads(Initializer.normal(0.1), 0.1, 0.6);
    spreads(Initializer.lecunUniform(), Math.sqrt(1 / 200.0), Math.sqrt(3 / 200.0));
    spreads(Initializer.glorotNormal(), Math.sqrt(2 / 300.0), 6 * Math.sqrt(2 / 300.0));
    spreads(Initializer.glorotUniform(), Math.sqrt(2 / 300.0), Math.sqrt(6 / 300.0));
    spreads(Initializer.heNormal(), Math.sqrt(2 / 200.0), 6 * Math.sqrt(2 / 200.0));
    spreads(Initializer.heUniform(), Math.sqrt(2 / 200.0), Math.sqrt(6 / 200.0));
    assertTrue(Arrays.stream(initial(Initializer.zeros(), 3, 2, 1)).allMatch(v -> v == 0));
    assertTrue(Arrays.stream(initial(Initializer.ones(), 3, 2, 1)).allMatch(v -> v == 1));
  }

  @Test
  void aNewLayerShiftsNoOtherLayersNumbers() {
    Model small = Model.named("small");
    small.input("x", BATCH, new Inputs(5)).dense(new Hidden(4));
    Model large = Model.named("large");
    large.input("x", BATCH, new Inputs(5)).dense(new Hidden(4)).dense(new Answer(3));
    Feed feed = new Feed().set("seed", 11L);
    assertEquals(feed.run(small.initGraph()).result("dense1.w"),
        feed.run(large.initGraph()).result("dense1.w"));
  }

  private static final double[] IMAGE =
      {0, 1, 2, 1, 0, 4, 1, 0, 1, 0, 2, 0, 1, 1, 1, 1, 2, 3, 1, 0, 0, 4, 3, 2, 0};
  private static final double[] KERNEL = {0, 1, 0, 1, 0, 1, 2, 1, 0};

  private static double[] convolved(Padding padding, int stride) {
    Model model = Model.named("conv", DType.F64);
    var y = model.input("x", BATCH, new Row(5), new Column(5), new Gray(1)).conv(3, new Edges(1),
        padding, stride);
    Graph graph = model.graph("f", y.named("y"));
    return Feed.numbers(
        new Feed().set(graph, "x", IMAGE).set(graph, "conv1.w", KERNEL).set(graph, "conv1.b", 0)
            .run(graph).result("y"));
  }

  @Test
  void convolutionsAreThoseOfTheCourse() {
    assertArrayEquals(new double[] {9, 5, 4, 8, 8, 10, 8, 15, 12}, convolved(Padding.VALID, 1));
    assertArrayEquals(
        new double[] {5, 11, 4, 3, 3, 3, 9, 5, 4, 4, 5, 8, 8, 10, 3, 4, 8, 15, 12, 6, 5, 5, 9, 4,
            2},
        convolved(Padding.SAME, 1));
    assertArrayEquals(new double[] {9, 4, 8, 12}, convolved(Padding.VALID, 2));
    assertArrayEquals(new double[] {5, 4, 3, 5, 8, 3, 5, 9, 2}, convolved(Padding.SAME, 2));
    double[] full = convolved(Padding.FULL, 1);
    assertEquals(49, full.length);
    assertArrayEquals(new double[] {0, 0, 1, 4, 5, 2, 0}, Arrays.copyOf(full, 7));
  }

  @Test
  void poolsAreThoseOfTheCourse() {
    Model model = Model.named("pool", DType.F64);
    var x = model.input("x", BATCH, new Row(4), new Column(4), new Gray(1));
    Graph graph = model.graph("f", x.maxPool(2).named("two"), x.maxPool(2, 1).named("one"),
        x.averagePool(2, 2).named("mean"), x.maxPool(2).flatten().named("flat"));
    var result =
        new Feed().set(graph, "x", 0, 1, 2, 1, 4, 1, 0, 1, 2, 0, 1, 1, 1, 2, 3, 1).run(graph);
    assertArrayEquals(new double[] {4, 2, 2, 3}, Feed.numbers(result.result("two")));
    assertArrayEquals(new double[] {4, 2, 2, 4, 1, 1, 2, 3, 3}, Feed.numbers(result.result("one")));
    assertArrayEquals(new double[] {1.5, 1, 1.25, 1.5}, Feed.numbers(result.result("mean")));
    assertArrayEquals(new int[] {1, 4}, result.result("flat").dims());
  }
}
