package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.dsl.Expr;
import io.kotangent.dsl.Gradients;
import io.kotangent.dsl.Matrix;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Vector;
import io.kotangent.dsl.program.JavaModels.Batch;
import io.kotangent.dsl.program.JavaModels.Digit;
import io.kotangent.ir.Graph;
import io.kotangent.type.DType;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Losses and activations have the values and derivatives of their formulas, also far out.
class LossesTest {
  private static final Batch BATCH = new Batch();
  private static final Digit THREE = new Digit(3);
  private static final double[] LOGITS = {1, 2, 3, 0, 0, 0, 1000, 0, -1000, -100, 100, 99};

  private final Model model = Model.named("losses", DType.F64);

  private static double logSoftmax(int row, int column) {
    double max = Math.max(LOGITS[row * 3], Math.max(LOGITS[row * 3 + 1], LOGITS[row * 3 + 2]));
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      sum += Math.exp(LOGITS[row * 3 + i] - max);
    }
    return LOGITS[row * 3 + column] - max - Math.log(sum);
  }

  @Test
  void softmaxCrossEntropyIsMinusTheLogOfTheLabelsSoftmax() {
    Matrix<Batch, Digit> logits = model.input("logits", BATCH, THREE);
    var label = model.ids("label", BATCH, THREE);
    var loss = logits.crossEntropy(label);
    Graph graph = model.graph("f", loss.named("loss"), logits.logSoftmax().named("logs"),
        Gradients.gradient(loss.sum(), logits).named("gradient"));
    int[] labels = {2, 0, 1, 0};
    var result = new Feed().set(graph, "logits", LOGITS).set("label", labels).run(graph);
    for (int row = 0; row < 4; row++) {
      assertEquals(-logSoftmax(row, labels[row]), result.result("loss").real(row), 1e-12);
      for (int i = 0; i < 3; i++) {
        double expected = Math.exp(logSoftmax(row, i)) - (labels[row] == i ? 1 : 0);
        assertEquals(expected, result.result("gradient").real(row * 3 + i), 1e-12);
        assertEquals(logSoftmax(row, i), result.result("logs").real(row * 3 + i), 1e-12);
      }
    }
  }

  @Test
  void sigmoidCrossEntropyIsFiniteForAllLogits() {
    Vector<Batch> z = model.input("z", BATCH);
    Vector<Batch> t = model.input("t", BATCH);
    Vector<Batch> loss = z.sigmoidCrossEntropy(t);
    Graph graph =
        model.graph("f", loss.named("loss"), Gradients.gradient(loss.sum(), z).named("gradient"));
    var result = new Feed().set(graph, "z", 0, 2, -3, 100, -100, 1000)
        .set(graph, "t", 1, 0, 0.25, 0, 1, 1).run(graph);
    double[] expected =
        {Math.log(2), 2 + Math.log1p(Math.exp(-2)), Math.log1p(Math.exp(-3)) + 0.75, 100, 100, 0};
    assertArrayEquals(expected, Feed.numbers(result.result("loss")), 1e-12);
    double[] slopes = {-0.5, 1 / (1 + Math.exp(-2)), 1 / (1 + Math.exp(3)) - 0.25, 1, -1, 0};
    assertArrayEquals(slopes, Feed.numbers(result.result("gradient")), 1e-12);
  }

  @Test
  void binaryCrossEntropyAndSquaredErrorAreTheirFormulas() {
    Vector<Batch> p = model.input("p", BATCH);
    Vector<Batch> t = model.input("t", BATCH);
    Graph graph = model.graph("f", p.binaryCrossEntropy(t).named("bce"),
        p.meanSquaredError(t).named("mse"));
    var result = new Feed().set(graph, "p", 0.25, 0.5, 0.9).set(graph, "t", 1, 0, 0.5).run(graph);
    double[] expected =
        {-Math.log(0.25), -Math.log(0.5), -0.5 * (Math.log(0.9) + Math.log(1 - 0.9))};
    assertArrayEquals(expected, Feed.numbers(result.result("bce")), 1e-12);
    assertEquals((0.75 * 0.75 + 0.25 + 0.16) / 3, result.result("mse").real(0), 1e-12);
  }

  private void activation(UnaryOperator<Vector<Batch>> function,
      java.util.function.DoubleUnaryOperator expected) {
    Model fresh = Model.named("activation", DType.F64);
    Vector<Batch> x = fresh.input("x", BATCH);
    Vector<Batch> y = function.apply(x);
    Graph graph = fresh.graph("f", y.named("y"), Gradients.gradient(y.sum(), x).named("slope"));
    double[] places = {-100, -10, -3.3, -1, -0.1, 0.1, 0.7, 2, 10, 100};
    var result = new Feed().set(graph, "x", places).run(graph);
    for (int i = 0; i < places.length; i++) {
      double h = 1e-5 * Math.max(1, Math.abs(places[i]));
      double slope =
          (expected.applyAsDouble(places[i] + h) - expected.applyAsDouble(places[i] - h)) / (2 * h);
      assertEquals(expected.applyAsDouble(places[i]), result.result("y").real(i), 1e-9,
          "at " + places[i]);
      assertEquals(slope, result.result("slope").real(i), 1e-6, "slope at " + places[i]);
    }
  }

  @Test
  void activationsAreTheirFormulasFrom100To100() {
    activation(Expr::sigmoid, x -> 1 / (1 + Math.exp(-x)));
    activation(Expr::tanh, Math::tanh);
    activation(Expr::relu, x -> Math.max(x, 0));
    activation(x -> x.leakyRelu(0.1), x -> x > 0 ? x : 0.1 * x);
    activation(x -> x.prelu(x.sum().times(0).plus(0.3).stopGradient()), x -> x > 0 ? x : 0.3 * x);
    activation(x -> x.elu(1.5), x -> x > 0 ? x : 1.5 * Math.expm1(x));
    activation(Expr::softplus, x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))));
    activation(Expr::swish, x -> x / (1 + Math.exp(-x)));
    activation(Expr::gelu, x -> 0.5 * x * (1 + erf(x * Math.sqrt(0.5))));
  }

  /// By its power series, and 1 beyond 6.
  private static double erf(double x) {
    if (Math.abs(x) > 6) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; n < 200; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }

  @Test
  void theSlopeOfAPreluIsTrained() {
    Model fresh = Model.named("prelu", DType.F64);
    Vector<Batch> x = fresh.input("x", BATCH);
    var training = fresh.minimize(x.prelu().sum(), io.kotangent.dsl.Optimizers.sgd(0.1));
    Graph graph = training.gradientGraph();
    var result = new Feed().set(graph, "x", -2, 3, -5).set(graph, "prelu1.slope", 0.25).run(graph);
    assertEquals(-7, result.result("grad.prelu1.slope").real(0));
    assertEquals(3 - 0.25 * 7, result.result("loss").real(0));
    assertTrue(result.result("ok").bool(0));
  }

  @Test
  void binaryCrossEntropyOfASigmoidIsFiniteEverywhere() {
    Model fresh = Model.named("bce");
    Vector<Batch> x = fresh.input("x", BATCH);
    Vector<Batch> t = fresh.input("t", BATCH);
    var w = fresh.parameter("w");
    Vector<Batch> loss = x.times(w).sigmoid().binaryCrossEntropy(t);
    var training = fresh.minimize(loss.sum(), io.kotangent.dsl.Optimizers.sgd(0.1));
    for (float[] place : new float[][] {{1000, 1, 0, 0}, {1000, 0, 1000, 1000},
        {-1000, 1, 1000, 1000}, {-1000, 0, 0, 0},
        {0, 1, (float) Math.log(2), 0}}) {
      var session = training.compile(loss.named("loss"));
      session.state().set("w", new float[] {1});
      var program = io.kotangent.bytecode.Compiler.compile(training.gradientGraph());
      var state = program.newState().set("w", new float[] {1});
      var workspace = program.newWorkspace().feed("x", place[0]).feed("t", place[1]);
      assertTrue(program.run(workspace, state));
      assertTrue(workspace.booleans("ok")[0],
          "all finite at logit " + place[0] + " for " + place[1]);
      assertEquals(place[2], workspace.scalar("loss"), 1e-6 + place[2] * 1e-6);
      assertEquals(Math.abs(place[3]), Math.abs(workspace.scalar("grad.w")), 1e-3);
      var predicted =
          session.predict(io.kotangent.data.Dataset.of(1).with("x", new float[] {place[0]})
              .with("t", new float[] {place[1]}));
      assertEquals(place[2], predicted.floats("loss")[0], 1e-6 + place[2] * 1e-6);
    }
  }

  @Test
  void l2IsTheSumOfTheSquaresOfWeightsButNotOfBiases() {
    Model fresh = Model.named("l2", DType.F64);
    fresh.input("x", BATCH, THREE).dense(THREE);
    Graph graph = fresh.graph("f", fresh.l2(0.5).named("l2"));
    double[] w = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    assertEquals(0.5 * 285, new Feed().set(graph, "dense1.w", w).run(graph).result("l2").real(0));
  }
}
