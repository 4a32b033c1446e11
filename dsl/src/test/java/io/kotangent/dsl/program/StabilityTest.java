package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.dsl.Gradients;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Scalar;
import io.kotangent.dsl.Vector;
import io.kotangent.dsl.program.JavaModels.Batch;
import io.kotangent.ir.Graph;
import io.kotangent.type.DType;
import org.junit.jupiter.api.Test;

/// A loss written from probabilities is trained as if it were written from logits.
class StabilityTest {
  private static final double[] X = {1000, -1000, 1000, 0};
  private static final double[] Y = {1, 0, 0, 1};

  private static Graph gradients(Model model) {
    Batch batch = new Batch();
    Vector<Batch> x = model.input("x", batch);
    Vector<Batch> y = model.input("y", batch);
    Scalar w = model.parameter("w");
    return model.minimize(x.times(w).sigmoid().binaryCrossEntropy(y).sum(), Optimizers.sgd(0.1))
        .gradientGraph();
  }

  @Test
  void binaryCrossEntropyFromProbabilitiesIsFiniteAndHasTheGradientOfTheOneFromLogits() {
    Graph graph = gradients(Model.named("m", DType.F64));
    var result = new Feed().set(graph, "x", X).set(graph, "y", Y).set(graph, "w", 1.0).run(graph);
    assertEquals(1000 + Math.log(2), result.result("loss").real(0), 1e-12);
    assertEquals(1000, result.result("grad.w").real(0), 1e-9);
    assertTrue(result.result("ok").bool(0));
  }

  @Test
  void soIsAGradientInsideAModel() {
    Model model = Model.named("m", DType.F64);
    Batch batch = new Batch();
    Vector<Batch> x = model.input("x", batch);
    Vector<Batch> y = model.input("y", batch);
    Scalar loss = x.sigmoid().binaryCrossEntropy(y).sum();
    Graph graph = model.graph("slope", Gradients.gradient(loss, x).named("slope"));
    var result = new Feed().set(graph, "x", X).set(graph, "y", Y).run(graph);
    double[] slope = {0, 0, 1, -0.5};
    for (int i = 0; i < slope.length; i++) {
      assertEquals(slope[i], result.result("slope").real(i), 1e-12);
    }
  }

  @Test
  void soIsAGradientByAnExpressionInBetween() {
    Model model = Model.named("m", DType.F64);
    Batch batch = new Batch();
    Vector<Batch> x = model.input("x", batch);
    Vector<Batch> y = model.input("y", batch);
    Vector<Batch> sums = x.over(batch).cumulativeSum();
    Vector<Batch> twice = sums.times(2);
    Scalar loss = twice.sigmoid().binaryCrossEntropy(y).sum();
    Graph graph = model.graph("slope", Gradients.gradient(loss, sums).named("slope"),
        Gradients.gradient(loss, java.util.List.of(sums, twice)).get(twice).named("by_twice"));
    var result = new Feed().set(graph, "x", 1000, -2000, 2000, -1000).set(graph, "y", Y).run(graph);
    double[] slope = {0, 0, 1, -0.5};
    for (int i = 0; i < slope.length; i++) {
      assertEquals(2 * slope[i], result.result("slope").real(i), 1e-12);
      assertEquals(slope[i], result.result("by_twice").real(i), 1e-12);
    }
  }

  @Test
  void theSecondDerivativeOfTheLogOfOneMinusAnExponentialIsItsLimitFarLeft() {
    for (DType dtype : new DType[] {DType.F64, DType.F32}) {
      Model model = Model.named("m", dtype);
      Vector<Batch> x = model.input("x", new Batch());
      Scalar f = x.exp().times(-1).plus(1).log().sum();
      Vector<Batch> slope = Gradients.gradient(f, x);
      Graph graph = model.graph("f", slope.named("slope"),
          Gradients.gradient(slope.sum(), x).named("curvature"));
      var result = new Feed().set(graph, "x", -1, -100, -800, -1e4).run(graph);
      double e = Math.exp(-1);
      double[] curvature = {-e / (1 - e) / (1 - e), 0, 0, 0};
      for (int i = 0; i < curvature.length; i++) {
        assertEquals(curvature[i], result.result("curvature").real(i), 1e-6);
      }
      assertEquals(-e / (1 - e), result.result("slope").real(0), 1e-6);
    }
  }

  @Test
  void asItIsWrittenItIsNot() {
    Graph graph = gradients(Model.named("m", DType.F64).withoutStabilizing());
    var result = new Feed().set(graph, "x", X).set(graph, "y", Y).set(graph, "w", 1.0).run(graph);
    assertTrue(Double.isInfinite(result.result("loss").real(0))
        || Double.isNaN(result.result("loss").real(0)));
  }
}
