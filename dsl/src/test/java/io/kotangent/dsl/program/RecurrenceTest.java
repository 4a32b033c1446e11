package io.kotangent.dsl.program;

import static io.kotangent.dsl.program.JavaModels.TIME;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Both;
import io.kotangent.dsl.Gradients;
import io.kotangent.dsl.Matrix;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Tensor3;
import io.kotangent.dsl.program.JavaModels.Batch;
import io.kotangent.dsl.program.JavaModels.Feature;
import io.kotangent.dsl.program.JavaModels.Hidden;
import io.kotangent.dsl.program.JavaModels.Time;
import io.kotangent.ir.Graph;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import org.junit.jupiter.api.Test;

/// Recurrences along an axis, and second derivatives.
class RecurrenceTest {
  private static final Batch BATCH = new Batch();
  private static final Feature TWO = new Feature(2);
  private static final Hidden THREE = new Hidden(3);

  private final Model model = Model.named("recurrent", DType.F64);
  private final Tensor3<Batch, Time, Feature> x = model.input("x", BATCH, TIME, TWO);
  private final Matrix<Batch, Hidden> zero = model.input("zero", BATCH, THREE);

  @Test
  void aScanIsTheLoopThatItsStepSays() {
    Matrix<Feature, Hidden> w = model.parameter("w", TWO, THREE);
    Matrix<Hidden, Hidden> u = model.parameter("u", THREE, THREE);
    var b = model.parameter("b", THREE);
    var scan = x.scan(TIME, zero, (h, now) -> now.matmul(w).plus(h.matmul(u)).plus(b).tanh());
    Graph graph = model.graph("f", scan.last().named("last"),
        scan.all().typed(BATCH, TIME, THREE).named("all"));
    double[] data = new double[2 * 7 * 2];
    for (int i = 0; i < data.length; i++) {
      data[i] = Math.sin(i);
    }
    Feed feed = new Feed().set(graph, "x", data).set(graph, "zero", new double[6]).fill(graph, 3);
    var result = feed.run(graph);
    double[] h = new double[3];
    for (int t = 0; t < 7; t++) {
      double[] next = new double[3];
      for (int j = 0; j < 3; j++) {
        double sum = feed.get("b").real(j);
        for (int i = 0; i < 2; i++) {
          sum += data[14 + t * 2 + i] * feed.get("w").real(i * 3 + j);
        }
        for (int i = 0; i < 3; i++) {
          sum += h[i] * feed.get("u").real(i * 3 + j);
        }
        next[j] = Math.tanh(sum);
        assertEquals(next[j], result.result("all").real(21 + t * 3 + j), 1e-12);
      }
      h = next;
    }
    assertEquals(h[1], result.result("last").real(4), 1e-12);
  }

  @Test
  void twoStatesAreTrainedThroughTime() {
    var start = new Both<>(zero, zero);
    var scan = x.scan(TIME, start, (state, now) -> {
      var gate = now.dense(THREE).sigmoid();
      var memory = state.second().times(gate).plus(state.first().dense(THREE).tanh());
      return new Both<>(memory.tanh(), memory);
    });
    var training = model.minimize(scan.last().first().square().sum(), Optimizers.sgd(0.1));
    assertEquals(4, model.parameterNames().size());
    Graph graph = training.gradientGraph();
    double[] data = new double[14];
    java.util.Arrays.setAll(data, i -> Math.cos(3 * i));
    Feed feed = new Feed().set(graph, "x", data).set(graph, "zero", 0.1, 0.2, -0.3).fill(graph, 9);
    var result = feed.run(graph);
    for (String name : model.parameterNames()) {
      double[] numbers = Feed.numbers(feed.get(name));
      double[] moved = numbers.clone();
      moved[0] += 1e-6;
      double up = feed.set(graph, name, moved).run(graph).result("loss").real(0);
      moved[0] -= 2e-6;
      double down = feed.set(graph, name, moved).run(graph).result("loss").real(0);
      feed.set(graph, name, numbers);
      assertEquals((up - down) / 2e-6, result.result("grad." + name).real(0), 1e-6, name);
    }
  }

  @Test
  void dropoutInAStepIsDrawnAnewAndNotInInference() {
    var scan = x.scan(TIME, zero, (h, now) -> h.plus(now.dense(THREE).relu().plus(1).dropout(0.5)));
    var training = model.minimize(scan.last().sum(), Optimizers.sgd(0.1));
    String trained = GraphPrinter.print(training.gradientGraph());
    assertTrue(trained.contains("random[stream=\"scan1/dropout1\", per_example=true]"), trained);
    String inferred = GraphPrinter.print(model.graph("f", scan.last().named("y")));
    assertFalse(
        inferred.contains("random") || inferred.contains("training?") || inferred.contains("seed"),
        inferred);
    Graph graph = training.gradientGraph();
    var feed = new Feed().set(graph, "x", new double[14]).set(graph, "zero", 0, 0, 0)
        .set("seed", 1L).set("step", 0L)
        .set(graph, "scan1.dense1.w", new double[6]).set(graph, "scan1.dense1.b", new double[3]);
    double loss = feed.run(graph).result("loss").real(0);
    assertTrue(loss > 0 && loss < 42 && loss % 14 != 0,
        "not the same of 3 in each of 7 steps: " + loss);
  }

  @Test
  void cumulativeSumsAddUpAlongTheirAxis() {
    Graph graph = model.graph("f", x.over(TIME).cumulativeSum().named("sums"));
    double[] data = new double[14];
    java.util.Arrays.setAll(data, i -> i + 1);
    double[] expected = data.clone();
    for (int i = 2; i < 14; i++) {
      expected[i] += expected[i - 2];
    }
    assertArrayEquals(expected,
        Feed.numbers(new Feed().set(graph, "x", data).run(graph).result("sums")));
  }

  private record Copy(int size) implements Axis<Copy> {
  }

  @Test
  void hessiansAreMatricesOfSecondDerivatives() {
    Model other = Model.named("second", DType.F64);
    var v = other.input("v", THREE);
    var d = other.input("d", THREE);
    var f = v.exp().sum().times(v.square().sum());
    Graph graph = other.graph("f", Gradients.hessian(f, v, new Copy(3)).named("h"),
        Gradients.hessianTimes(f, v, d).named("hd"));
    double[] at = {0.1, -0.4, 0.7};
    double[] direction = {1, 2, -1};
    var result = new Feed().set(graph, "v", at).set(graph, "d", direction).run(graph);
    double exps = 0;
    double squares = 0;
    for (double a : at) {
      exps += Math.exp(a);
      squares += a * a;
    }
    for (int i = 0; i < 3; i++) {
      double product = 0;
      for (int j = 0; j < 3; j++) {
        double h = 2 * at[j] * Math.exp(at[i]) + 2 * at[i] * Math.exp(at[j])
            + (i == j ? Math.exp(at[i]) * squares + 2 * exps : 0);
        assertEquals(h, result.result("h").real(i * 3 + j), 1e-12);
        product += h * direction[j];
      }
      assertEquals(product, result.result("hd").real(i), 1e-12);
    }
  }
}
