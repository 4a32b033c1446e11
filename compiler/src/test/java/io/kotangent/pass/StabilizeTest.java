package io.kotangent.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.eval.Evaluation;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.rewrite.Hits;
import io.kotangent.text.GraphParser;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The stability catalog: values and gradients where the formula as it was written overflows, cancels, or is `0/0`.
@Tag("fast")
class StabilizeTest {
  private static final String SUM = "\n  return loss=%loss\n}\n";

  /// The loss and its gradient by x, stabilized before and after.
  private static Graph gradient(Graph f) {
    Graph stable = Stabilize.beforeGradient().apply(f);
    Graph gradient = Gradient.gradients(stable, "loss", List.of("x"));
    Graph again = Stabilize.afterGradient().apply(gradient);
    assertSame(again, Stabilize.afterGradient().apply(again), () -> GraphPrinter.print(again));
    assertSame(stable, Stabilize.beforeGradient().apply(stable), () -> GraphPrinter.print(stable));
    return again;
  }

  private static Graph scalar(String statements) {
    return GraphParser.parseOne("graph f(x: input f64) {\n" + statements + SUM);
  }

  private static void assertAt(Graph f, double x, double value, double slope) {
    Evaluation evaluation =
        Interpreter.run(gradient(f), Map.of("x", TensorValue.f64(new int[0], x)));
    assertNear(value, evaluation.result("loss").real(0), "value at " + x);
    assertNear(slope, evaluation.result("dloss_dx").real(0), "slope at " + x);
  }

  private static void assertNear(double expected, double got, String what) {
    if (expected == 0 || Double.isInfinite(expected)) {
      assertEquals(expected, got == 0 ? 0 : got, what);
    } else {
      assertEquals(expected, got, 1e-14 * Math.abs(expected), what);
    }
  }

  @Test
  void softplusNeverOverflows() {
    Graph f = scalar("""
          %1 = constant[value=1.0] : f64
          %e = exp x : f64
          %s = add %e, %1 : f64
          %loss = log %s : f64""");
    assertAt(f, 1000, 1000, 1);
    assertAt(f, 100, 100, 1);
    assertAt(f, -100, StrictMath.exp(-100), StrictMath.exp(-100));
    assertAt(f, -1000, 0, 0);
    assertAt(f, 0, StrictMath.log(2), 0.5);
  }

  @Test
  void aSigmoidWrittenOutIsOne() {
    Graph f = scalar("""
          %1 = constant[value=1.0] : f64
          %n = neg x : f64
          %e = exp %n : f64
          %s = add %1, %e : f64
          %loss = div %1, %s : f64""");
    assertAt(f, 1000, 1, 0);
    assertAt(f, -1000, 0, 0);
    assertAt(f, -100, StrictMath.exp(-100), StrictMath.exp(-100));
    assertAt(f, 0, 0.5, 0.25);
  }

  @Test
  void theLogarithmsOfASigmoidAndOfItsComplementAreFinite() {
    Graph yes = scalar("""
          %p = sigmoid x : f64
          %loss = log %p : f64""");
    assertAt(yes, -1000, -1000, 1);
    assertAt(yes, 1000, 0, 0);
    assertAt(yes, 0, -StrictMath.log(2), 0.5);
    Graph no = scalar("""
          %1 = constant[value=1.0] : f64
          %p = sigmoid x : f64
          %q = sub %1, %p : f64
          %loss = log %q : f64""");
    assertAt(no, 1000, -1000, -1);
    assertAt(no, -1000, 0, 0);
    assertAt(no, 40, -40 - StrictMath.log1p(StrictMath.exp(-40)), -1);
  }

  @Test
  void smallDifferencesFromOneKeepTheirDigits() {
    Graph log = scalar("""
          %1 = constant[value=1.0] : f64
          %s = add %1, x : f64
          %loss = log %s : f64""");
    assertAt(log, 1e-20, 1e-20, 1);
    Graph exp = scalar("""
          %1 = constant[value=1.0] : f64
          %e = exp x : f64
          %loss = sub %e, %1 : f64""");
    assertAt(exp, 1e-20, 1e-20, 1);
    Graph both = scalar("""
          %1 = constant[value=1.0] : f64
          %e = exp x : f64
          %s = sub %1, %e : f64
          %loss = log %s : f64""");
    assertAt(both, -1e-20, StrictMath.log(1e-20), -1e20);
    assertAt(both, -1000, 0, 0);
  }

  @Test
  void theRootOfASquareHasASlopeEverywhere() {
    Graph f = scalar("""
          %s = mul x, x : f64
          %loss = sqrt %s : f64""");
    assertAt(f, 0, 0, 0);
    assertAt(f, -1e200, 1e200, -1);
  }

  // ---- softmax

  private static final String LOGITS = "x: input f64[n,3]";

  private static Graph rows(String ports, String statements) {
    return GraphParser.parseOne("graph f(" + ports + ") {\n" + statements + SUM);
  }

  private static final String NAIVE = """
        %e = exp x : f64[n,3]
        %t = reduce.sum[axes=1] %e : f64[n]
        %b = broadcast[dims=0, to=(n,3)] %t : f64[n,3]
        %p = div %e, %b : f64[n,3]
      """;

  private static double[] gradientOf(Graph f, Map<String, TensorValue> inputs, double loss) {
    Evaluation evaluation = Interpreter.run(gradient(f), inputs);
    assertNear(loss, evaluation.result("loss").real(0), "loss");
    TensorValue slope = evaluation.result("dloss_dx");
    double[] slopes = new double[slope.size()];
    for (int i = 0; i < slopes.length; i++) {
      slopes[i] = slope.real(i);
    }
    return slopes;
  }

  private static void assertGradient(Graph f, Map<String, TensorValue> inputs, double loss,
      double... expected) {
    double[] got = gradientOf(f, inputs, loss);
    assertEquals(expected.length, got.length);
    for (int i = 0; i < got.length; i++) {
      assertEquals(expected[i], got[i], 1e-14, "slope " + i);
    }
  }

  private static TensorValue row(double... x) {
    return TensorValue.f64(new int[] {1, x.length}, x);
  }

  @Test
  void aNaiveSoftmaxDoesNotOverflow() {
    Graph f = rows(LOGITS + ", w: input f64[n,3]", NAIVE + """
          %m = mul %p, w : f64[n,3]
          %loss = reduce.sum[axes=(0,1)] %m : f64""");
    assertGradient(f, Map.of("x", row(1000, 1000, -1000), "w", row(1, 3, 5)), 2, -0.5, 0.5, 0);
    assertGradient(f, Map.of("x", row(-1000, -1000, -1000), "w", row(3, 3, 3)), 3, 0, 0, 0);
    double inf = Double.NEGATIVE_INFINITY;
    assertGradient(f, Map.of("x", row(0, inf, inf), "w", row(1, 2, 3)), 1, 0, 0, 0);
  }

  @Test
  void aCrossEntropyFromProbabilitiesIsOneFromLogits() {
    Graph f = rows(LOGITS + ", y: input f64[n,3]", NAIVE + """
          %l = log %p : f64[n,3]
          %m = mul %l, y : f64[n,3]
          %s = reduce.sum[axes=(0,1)] %m : f64
          %loss = neg %s : f64""");
    assertGradient(f, Map.of("x", row(1000, 0, -1000), "y", row(0, 0, 1)), 2000, 1, 0, -1);
    assertGradient(f, Map.of("x", row(100, 0, -100), "y", row(1, 0, 0)), 0, 0, 0, 0);
    assertGradient(f, Map.of("x", row(0, 0, 0), "y", row(0, 1, 0)), StrictMath.log(3), 1 / 3.0,
        -2 / 3.0, 1 / 3.0);
  }

  @Test
  void aCrossEntropyWithLabelsPickedFromProbabilitiesIsOneFromLogits() {
    Graph f = rows(LOGITS + ", y: input i32[n] in 0..2", NAIVE + """
          %k = gather[axis=1, batch_dims=1] %p, y : f64[n]
          %l = log %k : f64[n]
          %s = reduce.sum[axes=0] %l : f64
          %loss = neg %s : f64""");
    TensorValue y = TensorValue.of(DType.I32, new int[] {1}, new int[] {2});
    assertGradient(f, Map.of("x", row(1000, 1000, -1000), "y", y), 2000 + StrictMath.log(2), 0.5,
        0.5, -1);
  }

  @Test
  void aSoftmaxThatSubtractsItsMaximumIsLeftAlone() {
    Graph f = rows(LOGITS, """
          %m = reduce.max[axes=1] x : f64[n]
          %c = stop_gradient %m : f64[n]
          %d = broadcast[dims=0, to=(n,3)] %c : f64[n,3]
          %z = sub x, %d : f64[n,3]
          %e = exp %z : f64[n,3]
          %t = reduce.sum[axes=1] %e : f64[n]
          %b = broadcast[dims=0, to=(n,3)] %t : f64[n,3]
          %p = div %e, %b : f64[n,3]
          %loss = reduce.sum[axes=(0,1)] %p : f64""");
    assertSame(f, Stabilize.beforeGradient().apply(f));
  }

  @Test
  void aSoftmaxThatSubtractsTheMaximumOfAnotherAxisIsNot() {
    Graph f = rows(LOGITS, """
          %m = reduce.max[axes=0] x : f64[3]
          %d = broadcast[dims=1, to=(n,3)] %m : f64[n,3]
          %z = sub x, %d : f64[n,3]
          %e = exp %z : f64[n,3]
          %t = reduce.sum[axes=1] %e : f64[n]
          %b = broadcast[dims=0, to=(n,3)] %t : f64[n,3]
          %p = div %e, %b : f64[n,3]
          %loss = reduce.sum[axes=(0,1)] %p : f64""");
    Hits hits = new Hits();
    Stabilize.beforeGradient().apply(f, hits);
    assertEquals(1, hits.of("subtract-max-in-softmax"));
  }

  @Test
  void logSumExpDoesNotOverflowAndHasTheSoftmaxAsGradient() {
    Graph f = rows(LOGITS, """
          %e = exp x : f64[n,3]
          %t = reduce.sum[axes=1] %e : f64[n]
          %l = log %t : f64[n]
          %loss = reduce.sum[axes=0] %l : f64""");
    assertGradient(f, Map.of("x", row(1000, 1000, -1000)), 1000 + StrictMath.log(2), 0.5, 0.5, 0);
    assertGradient(f, Map.of("x", row(-1000, -1000, -1000)), -1000 + StrictMath.log(3), 1 / 3.0,
        1 / 3.0, 1 / 3.0);
    double inf = Double.NEGATIVE_INFINITY;
    assertEquals(inf,
        Interpreter.run(Stabilize.beforeGradient().apply(f), Map.of("x", row(inf, inf, inf)))
            .result("loss").real(0));
  }

  // ---- binary cross-entropy

  @Test
  void aBinaryCrossEntropyIsFiniteEverywhere() {
    Graph f = GraphParser.parseOne("""
        graph f(x: input f64, y: input f64) {
          %1 = constant[value=1.0] : f64
          %p = sigmoid x : f64
          %lp = log %p : f64
          %a = mul y, %lp : f64
          %q = sub %1, %p : f64
          %lq = log %q : f64
          %n = sub %1, y : f64
          %b = mul %n, %lq : f64
          %s = add %a, %b : f64
          %loss = neg %s : f64
          return loss=%loss
        }
        """);
    Graph g = gradient(f);
    double[][] points = {{1000, 1, 0, 0}, {1000, 0, 1000, 1}, {-1000, 1, 1000, -1},
        {-1000, 0, 0, 0}, {100, 0, 100, 1},
        {0, 1, StrictMath.log(2), -0.5}, {0, 0, StrictMath.log(2), 0.5},
        {-100, 0, StrictMath.exp(-100), StrictMath.exp(-100)}};
    for (double[] point : points) {
      Evaluation at = Interpreter.run(g,
          Map.of("x", TensorValue.f64(new int[0], point[0]), "y",
              TensorValue.f64(new int[0], point[1])));
      assertNear(point[2], at.result("loss").real(0), "loss at " + point[0]);
      assertNear(point[3], at.result("dloss_dx").real(0), "slope at " + point[0]);
    }
  }

  // ---- discarded lanes

  private static double slope(String choice, double x) {
    Graph f = scalar("""
          %0 = constant[value=0.0] : f64
          %c = constant[value=7.0] : f64
          %p = gt x, %0 : bool
        """ + choice);
    Evaluation plain = Interpreter.run(f, Map.of("x", TensorValue.f64(new int[0], x)));
    Evaluation evaluation =
        Interpreter.run(gradient(f), Map.of("x", TensorValue.f64(new int[0], x)));
    assertEquals(plain.result("loss").real(0), evaluation.result("loss").real(0));
    return evaluation.result("dloss_dx").real(0);
  }

  @Test
  void nothingFlowsThroughDiscardedLanes() {
    Map<String, double[]> choices = new LinkedHashMap<>();
    choices.put("%f = log x : f64\n%loss = select %p, %f, %c : f64", new double[] {-1, 0});
    choices.put("%f = sqrt x : f64\n%loss = select %p, %f, %c : f64", new double[] {-1, 0});
    choices.put("%f = cbrt x : f64\n%loss = select %p, %f, %c : f64", new double[] {0});
    choices.put("%f = div %c, x : f64\n%loss = select %p, %f, %c : f64", new double[] {0});
    choices.put(
        "%h = constant[value=0.5] : f64\n%f = pow x, %h : f64\n%loss = select %p, %f, %c : f64",
        new double[] {-1, 0});
    choices.put(
        "%n = not %p : bool\n%f = log x : f64\n%g = mul %f, x : f64\n%loss = select %n, %c, %g : f64",
        new double[] {-1, 0});
    choices.put(
        "%f = mul x, x : f64\n%g = sqrt %f : f64\n%k = div x, %g : f64\n%loss = select %p, %k, %c : f64",
        new double[] {0});
    choices.forEach((choice, points) -> {
      for (double x : points) {
        assertEquals(0.0, Math.abs(slope(choice, x)), () -> choice + " at " + x);
      }
    });
    assertEquals(0.5, slope("%f = log x : f64\n%loss = select %p, %f, %c : f64", 2));
    assertEquals(-7 / 4.0, slope("%f = div %c, x : f64\n%loss = select %p, %f, %c : f64", 2));
  }

  /// Each choice wants to guard the root from its own discarded lanes; both do so once.
  @Test
  void choicesInChoicesGuardAnOperandOnceEach() {
    String choice = """
        %q = lt x, %c : bool
        %r = sqrt x : f64
        %a = select %q, %r, %c : f64
        %s = sqrt %a : f64
        %b = select %p, %s, %c : f64
        %t = mul %b, x : f64
        %loss = select %q, %t, %c : f64""";
    assertEquals(7.0, slope(choice, 0));
    assertEquals(7.0, slope(choice, -1));
    assertEquals(0.0, slope(choice, 8));
    assertEquals(1.25 * Math.pow(2, 0.25), slope(choice, 2), 1e-15);
  }

  @Test
  void anExponentialLinearUnitHasItsSlopeForLargeInputs() {
    String elu =
        "%f = exp x : f64\n%1 = constant[value=1.0] : f64\n%g = sub %f, %1 : f64\n%loss = select %p, x, %g : f64";
    assertEquals(1.0, slope(elu, 1000));
    assertEquals(StrictMath.exp(-1), slope(elu, -1), 1e-15);
  }

  @Test
  void aChoiceWithoutDangerStays() {
    Graph f = scalar("""
          %0 = constant[value=0.0] : f64
          %p = gt x, %0 : bool
          %f = tanh x : f64
          %loss = select %p, %f, %0 : f64""");
    assertSame(f, Stabilize.beforeGradient().apply(f));
  }

  @Test
  void rulesAreSkippedByName() {
    Graph f = scalar("""
          %p = sigmoid x : f64
          %loss = log %p : f64""");
    Pass without = Stabilize.beforeGradient().without(Set.of("log-of-sigmoid")).orElseThrow();
    assertSame(f, without.apply(f));
    assertTrue(Stabilize.beforeGradient().without(Set.of("stabilize")).isEmpty());
  }
}
