package io.kotangent.dsl.program;

import static io.kotangent.dsl.program.JavaModels.BATCH;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.dsl.Gradients;
import io.kotangent.dsl.Matrix;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Scalar;
import io.kotangent.dsl.Sliding;
import io.kotangent.dsl.Tensor3;
import io.kotangent.dsl.Tensor4;
import io.kotangent.dsl.Vector;
import io.kotangent.dsl.program.JavaModels.Batch;
import io.kotangent.dsl.program.JavaModels.Column;
import io.kotangent.dsl.program.JavaModels.Gray;
import io.kotangent.dsl.program.JavaModels.Hidden;
import io.kotangent.dsl.program.JavaModels.Row;
import io.kotangent.dsl.program.JavaModels.Time;
import io.kotangent.eval.Evaluation;
import io.kotangent.ir.Graph;
import io.kotangent.type.DType;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The gradient by an expression in between is that of the model as it was written, also where the model is made of forms
/// that go round it: by `r = relu(x)` it is the gradient by an input that is fed the values of r.
class ExpressionGradientsTest {
  private static final Row ROWS = new Row(6);
  private static final Column COLUMNS = new Column(6);
  private static final Gray GRAY = new Gray(2);
  private static final Time TIME = new Time(4);
  private static final Hidden HIDDEN = new Hidden(3);

  /// What a loss is made of: the expression in between.
  private interface Rest extends UnaryOperator<Tensor4<Batch, Row, Column, Gray>> {
  }

  private record Pool(String name, Rest rest) {
  }

  private static Stream<Pool> pools() {
    return Stream.of(
        new Pool("max", r -> r.maxPool(2)),
        new Pool("max of overlapping windows", r -> r.maxPool(3, Sliding.padded(1).stride(2))),
        new Pool("max of large windows", r -> r.maxPool(5, Sliding.valid())),
        new Pool("a pool of a pool", r -> r.maxPool(2).maxPool(2)),
        new Pool("pools of two sizes of one ReLU", r -> r.maxPool(3, Sliding.same())
            .plus(r.maxPool(5, Sliding.same()))),
        new Pool("a pool beside its ReLU", r -> r.maxPool(3, Sliding.same()).plus(r.square())),
        new Pool("a ReLU and pool of a pool of a ReLU",
            r -> r.maxPool(2).plus(-0.1).relu().maxPool(2)),
        new Pool("average", r -> r.averagePool(2)));
  }

  private static Scalar loss(Tensor4<Batch, Row, Column, Gray> y) {
    return y.sin().sum();
  }

  @TestFactory
  Stream<DynamicTest> throughPools() {
    return pools().map(pool -> DynamicTest.dynamicTest(pool.name, () -> {
      Model model = Model.named("between", DType.F64);
      var x = model.input("x", BATCH, ROWS, COLUMNS, GRAY);
      var between = x.relu();
      Scalar f = loss(pool.rest.apply(between));
      var both = Gradients.gradient(f, List.of(between, x));
      Graph graph = model.graph("f", between.named("r"), f.named("f"),
          Gradients.gradient(f, between).named("dr"), both.get(between).named("both"),
          both.get(x).named("dx"));
      double[] numbers = numbers(3 * 72);
      Evaluation run = new Feed().set(graph, "x", numbers).run(graph);

      Model cut = Model.named("cut", DType.F64);
      var fed = cut.input("x", BATCH, ROWS, COLUMNS, GRAY);
      Scalar g = loss(pool.rest.apply(fed));
      Graph expected =
          cut.graph("f", g.named("f"), Gradients.gradient(g, fed).named("dr"));
      Evaluation wanted = new Feed()
          .set(expected, "x", Feed.numbers(run.result("r"))).run(expected);
      assertEquals(wanted.result("f").real(0), run.result("f").real(0));
      double[] slope = Feed.numbers(wanted.result("dr"));
      assertArrayEquals(slope, Feed.numbers(run.result("dr")), 1e-15);
      assertArrayEquals(slope, Feed.numbers(run.result("both")), 1e-15);
      double[] dx = new double[numbers.length];
      for (int i = 0; i < dx.length; i++) {
        dx[i] = numbers[i] > 0 ? slope[i] : 0;
      }
      assertArrayEquals(dx, Feed.numbers(run.result("dx")), 1e-15);
    }));
  }

  /// Ties and elements on both sides of zero.
  private static double[] numbers(int count) {
    double[] numbers = new double[count];
    java.util.Arrays.setAll(numbers, i -> Math.rint(8 * Math.sin(i * i)) / 8);
    return numbers;
  }

  @Test
  void theSecondDerivativeByAnExpressionThatAPoolGoesRound() {
    Model model = Model.named("second", DType.F64);
    var x = model.input("x", BATCH, ROWS, COLUMNS, GRAY);
    var r = x.relu();
    Scalar f = r.maxPool(2).times(r.maxPool(2)).times(r.maxPool(2)).sum();
    Graph graph = model.graph("f", r.named("r"),
        Gradients.gradient(f, r).named("slope"),
        Gradients.hessianTimes(f, r, r.filled(1)).named("curvature"));
    Evaluation run = new Feed().set(graph, "x", numbers(72)).run(graph);
    double[] at = Feed.numbers(run.result("r"));
    double[] slope = Feed.numbers(run.result("slope"));
    double[] curvature = Feed.numbers(run.result("curvature"));
    int taken = 0;
    for (int i = 0; i < at.length; i++) {
      if (slope[i] != 0) {
        taken++;
        assertEquals(3 * at[i] * at[i], slope[i], 1e-14);
        assertEquals(6 * at[i], curvature[i], 1e-14);
      }
    }
    assertEquals(true, taken > 10, "taken " + taken);
  }

  /// A loop repeats inside what costs nothing, such as a broadcast or a constant that was made before it.
  @TestFactory
  Stream<DynamicTest> throughLoops() {
    return Stream.of("repeated", "filled", "repeated in a loop in a loop").map(
        kind -> DynamicTest.dynamicTest(kind, () -> {
          Model model = Model.named("between", DType.F64);
          Tensor3<Batch, Time, Hidden> x = model.input("x", BATCH, TIME, HIDDEN);
          Vector<Hidden> v = model.input("v", HIDDEN);
          Matrix<Batch, Hidden> zero = model.input("zero", BATCH, HIDDEN);
          var given = kind.equals("filled") ? zero.filled(0.5) : v.repeated(BATCH);
          boolean nested = kind.endsWith("loop");
          Scalar f = nested ? scannedTwice(x, zero, given) : scanned(x, zero, given);
          Graph graph = model.graph("f", given.named("given"), f.named("f"),
              Gradients.gradient(f, given).named("slope"));
          Feed feed = new Feed().set(graph, "x", numbers(24)).set(graph, "zero", numbers(6));
          Evaluation run = (kind.equals("filled") ? feed : feed.set(graph, "v", 0.5, -0.25, 2))
              .run(graph);

          Model cut = Model.named("cut", DType.F64);
          Matrix<Batch, Hidden> fed = cut.input("given", BATCH, HIDDEN);
          Tensor3<Batch, Time, Hidden> x2 = cut.input("x", BATCH, TIME, HIDDEN);
          Matrix<Batch, Hidden> zero2 = cut.input("zero", BATCH, HIDDEN);
          Scalar g = nested ? scannedTwice(x2, zero2, fed) : scanned(x2, zero2, fed);
          Graph expected =
              cut.graph("f", g.named("f"), Gradients.gradient(g, fed).named("slope"));
          Evaluation wanted = new Feed().set(expected, "x", numbers(24))
              .set(expected, "zero", numbers(6))
              .set(expected, "given", Feed.numbers(run.result("given"))).run(expected);
          assertEquals(wanted.result("f").real(0), run.result("f").real(0));
          assertArrayEquals(Feed.numbers(wanted.result("slope")), Feed.numbers(run.result("slope")),
              1e-14);
        }));
  }

  private static Scalar scanned(Tensor3<Batch, Time, Hidden> x, Matrix<Batch, Hidden> zero,
      Matrix<Batch, Hidden> given) {
    var scan = x.scan(TIME, zero, (h, now) -> h.times(given).plus(now));
    return scan.last().sin().sum().plus(given.square().sum());
  }

  private static Scalar scannedTwice(Tensor3<Batch, Time, Hidden> x, Matrix<Batch, Hidden> zero,
      Matrix<Batch, Hidden> given) {
    var scan = x.scan(TIME, zero, (h, now) -> x
        .scan(TIME, h, (inner, again) -> inner.times(given).plus(again.times(now))).last());
    return scan.last().sin().sum().plus(given.square().sum());
  }
}
