package io.kotangent.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.formula.Formula;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class LargeGraphTest {
  private static final int[] SIZES = {5_000, 10_000, 20_000, 50_000};

  private final GraphBuilder b = new GraphBuilder();
  private final Node x = b.input(new Port("x", Role.INPUT, TensorType.scalar(DType.F64)));

  /// sin(sin(… x)): each step needs the value of the one before.
  private Graph chain(int length) {
    Node node = x;
    for (int i = 0; i < length; i++) {
      node = b.map(ScalarFn.SIN, node);
    }
    return b.graph("chain", List.of(x), List.of(new Graph.Result("f", node)));
  }

  /// x·1 + x·2 + …: every term contributes to the cotangent of x.
  private Graph sum(int terms) {
    Node node = b.scalar(DType.F64, 0);
    for (int i = 1; i <= terms; i++) {
      node = b.map(ScalarFn.ADD, node, b.map(ScalarFn.MUL, x, b.scalar(DType.F64, i)));
    }
    return b.graph("sum", List.of(x), List.of(new Graph.Result("f", node)));
  }

  private static double derivative(Graph graph, String result, double at) {
    Map<String, TensorValue> inputs = result.equals("df")
        ? Map.of("x", TensorValue.scalar(DType.F64, at), "dx", TensorValue.scalar(DType.F64, 1))
        : Map.of("x", TensorValue.scalar(DType.F64, at));
    return Interpreter.run(graph, inputs).result(result).real(0);
  }

  @Test
  void aChainOf50000NodesDifferentiatesInBothModes() {
    Graph chain = chain(50_000);
    double expected = 1;
    double value = 0.5;
    for (int i = 0; i < 50_000; i++) {
      expected *= StrictMath.cos(value);
      value = StrictMath.sin(value);
    }
    assertEquals(expected, derivative(Gradient.gradients(chain, "f", List.of("x")), "df_dx", 0.5),
        1e-12 * expected);
    assertEquals(expected,
        derivative(Tangent.tangents(chain, List.of("f"), List.of("x")), "df", 0.5),
        1e-12 * expected);
  }

  @Test
  void aSumOf20000TermsDifferentiatesInBothModes() {
    Graph sum = sum(20_000);
    double expected = 20_000.0 * 20_001 / 2;
    assertEquals(expected, derivative(Gradient.gradients(sum, "f", List.of("x")), "df_dx", 0.5));
    assertEquals(expected,
        derivative(Tangent.tangents(sum, List.of("f"), List.of("x")), "df", 0.5));
  }

  @Test
  void aBrokenPathOf50000NodesIsExplained() {
    Node end = chain(50_000).result("f");
    Graph broken =
        b.graph("broken", List.of(x), List.of(new Graph.Result("f", b.map(ScalarFn.FLOOR, end))));
    assertEquals("input `x` does not reach `f`: broken at `floor`",
        assertThrows(GradientException.class, () -> Gradient.gradients(broken, "f", List.of("x")))
            .getMessage());
  }

  @Test
  void aFormulaTooLongToReadIsRefused() {
    assertEquals(
        "the formula has more than 2000 parts: name some of its intermediate values by making them results of"
            + " the graph",
        assertThrows(KotangentException.class, () -> Formula.of(chain(50_000), "f", List.of()))
            .getMessage());
    assertEquals("f = 200010000·x", Formula.of(sum(20_000), "f", List.of()).unicode());
  }

  @Test
  void sizeGrowsLinearlyAndTimesArePrinted() {
    growsLinearly("chain", this::chain);
    growsLinearly("sum", this::sum);
  }

  private static void growsLinearly(String what, IntFunction<Graph> graph) {
    Gradient.gradients(graph.apply(SIZES[0]), "f", List.of("x"));
    StringBuilder times = new StringBuilder("differentiating a " + what + ":");
    double[] millis = new double[SIZES.length];
    for (int i = 0; i < SIZES.length; i++) {
      Graph f = graph.apply(SIZES[i]);
      f.schedule();
      millis[i] = Double.MAX_VALUE;
      for (int run = 0; run < 2; run++) {
        long start = System.nanoTime();
        Graph gradient = Gradient.gradients(f, "f", List.of("x"));
        millis[i] = Math.min(millis[i], (System.nanoTime() - start) / 1e6);
        assertTrue(gradient.schedule().size() < 8 * SIZES[i], what);
      }
      times.append(String.format(" %d nodes %.1f ms;", SIZES[i], millis[i]));
    }
    System.out.println(times);
  }
}
