package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Gradients;
import io.kotangent.dsl.Model;
import io.kotangent.ir.Graph;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// First and second derivatives as matrices, and products with them, against each other.
class JacobiansTest {
  private record In(int size) implements Axis<In> {
  }

  private record Out(int size) implements Axis<Out> {
  }

  private record Weight(int size) implements Axis<Weight> {
  }

  private record Copy(int size) implements Axis<Copy> {
  }

  private static double[] numbers(int count, long seed) {
    return new Random(seed).doubles(count, -1, 1).toArray();
  }

  private static void jacobians(int in, int out) {
    Model model = Model.named("f", DType.F64);
    var x = model.input("x", new In(in));
    var a = model.input("a", new In(in), new Out(out));
    var t = model.input("t", new In(in));
    var u = model.input("u", new Out(out));
    var y = a.transpose().dot(x).tanh().times(x.square().sum());
    Graph graph = model.graph("f", y.named("y"), Gradients.jacobian(y, x).named("j"),
        Gradients.jvp(y, x, t).named("jt"), Gradients.vjp(y, u, x).named("uj"),
        Gradients.gradient(y.dot(u), x).named("g"));
    double[] along = numbers(in, 3);
    double[] with = numbers(out, 4);
    var result = new Feed().set(graph, "x", numbers(in, 1)).set(graph, "a", numbers(in * out, 2))
        .set(graph, "t", along).set(graph, "u", with).run(graph);
    double[] j = Feed.numbers(result.result("j"));
    double[] forward = new double[out];
    double[] backward = new double[in];
    for (int row = 0; row < out; row++) {
      for (int column = 0; column < in; column++) {
        forward[row] += j[row * in + column] * along[column];
        backward[column] += j[row * in + column] * with[row];
      }
    }
    assertArrayEquals(forward, Feed.numbers(result.result("jt")), 1e-13);
    assertArrayEquals(backward, Feed.numbers(result.result("uj")), 1e-13);
    assertArrayEquals(backward, Feed.numbers(result.result("g")), 1e-13);
    assertTrue(in * out == 0 || java.util.Arrays.stream(j).anyMatch(d -> Math.abs(d) > 0.01));
  }

  @Test
  void matricesAndProductsAgree() {
    jacobians(3, 5);
    jacobians(5, 3);
    jacobians(1, 1);
    jacobians(4, 4);
    jacobians(0, 3);
    jacobians(3, 0);
  }

  @Test
  void ofTensorsOfAnyAxes() {
    Model model = Model.named("f", DType.F64);
    var x = model.input("x", new In(2), new Out(3));
    var y = x.matmul(model.input("a", new Out(3), new Copy(4)));
    var all = Gradients.jacobian(y, x);
    assertEquals(List.of("in", "copy", "in", "out"), all.axisNames());
    Graph graph = model.graph("f", all.named("j"));
    double[] a = numbers(12, 1);
    double[] j = Feed.numbers(new Feed().set(graph, "a", a)
        .run(graph).result("j"));
    for (int place = 0; place < j.length; place++) {
      int row = place / 24;
      int copy = place / 6 % 4;
      boolean same = row == place / 3 % 2;
      assertEquals(same ? a[place % 3 * 4 + copy] : 0, j[place], 1e-15);
    }
  }

  @Test
  void aHessianOf64WeightsIsAFewSteps() {
    Model model = Model.named("f", DType.F64);
    var w = model.parameter("w", new Weight(64));
    var x = model.input("x", new In(20), new Weight(64));
    var loss = x.dot(w).sigmoid().square().sum();
    Graph graph = model.graph("h", Gradients.hessian(loss, w, new Copy(64)));
    int steps = Compiler.compilation(graph, CompileOptions.standard()).report().steps();
    assertTrue(steps <= 40, "" + steps);
  }

  @Test
  void whatIsNotConnectedIsNamed() {
    Model model = Model.named("f", DType.F64);
    var x = model.input("x", new In(2));
    var y = model.input("y", new Out(3));
    assertThrows(KotangentException.class, () -> Gradients.jacobian(y, x));
    assertThrows(KotangentException.class, () -> Gradients.jvp(y, x, x));
  }
}
