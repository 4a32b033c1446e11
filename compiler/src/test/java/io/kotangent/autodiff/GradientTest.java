package io.kotangent.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Op;
import io.kotangent.text.GraphParser;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class GradientTest {
  static Graph graph(String text) {
    return GraphParser.parse(text).getLast();
  }

  private static double[] run(Graph graph, String result, Object... namesAndValues) {
    Map<String, TensorValue> inputs = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      double[] elements = (double[]) namesAndValues[i + 1];
      int[] dims = graph.input((String) namesAndValues[i]).type().isScalar() ? new int[0]
          : new int[] {elements.length};
      inputs.put((String) namesAndValues[i], TensorValue.f64(dims, elements));
    }
    TensorValue value = Interpreter.run(graph, inputs).result(result);
    double[] elements = new double[value.size()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = value.real(i);
    }
    return elements;
  }

  private static double[] of(double... elements) {
    return elements;
  }

  @Test
  void reusesTheForwardValueOfExp() {
    Graph f = graph("""
        graph f(x: input f64, y: input f64) {
          %0 = mul x, y : f64
          %1 = exp %0 : f64
          return f=%1
        }
        """);
    assertEquals("""
        graph f_gradients(x: input f64, y: input f64) {
          %0 = mul x, y            : f64
          %1 = exp %0              : f64
          %2 = constant[value=1.0] : f64  ; grad
          %3 = mul %2, %1          : f64  ; grad
          %4 = zero_mul y, %3      : f64  ; grad
          return f=%1, df_dx=%4
        }
        """, GraphPrinter.print(Gradient.gradients(f, "f", List.of("x"))));
  }

  @Test
  void keepsUpdatesAndGuard() {
    Graph f = graph("""
        graph f(w: state f64, x: input f64) {
          %0 = mul w, x : f64
          %1 = is_finite %0 : bool
          %2 = sub w, x : f64
          guard %1
          update w = %2
          return loss=%0
        }
        """);
    Graph gradients = Gradient.gradients(f, "loss", List.of("w"));
    assertEquals(1, gradients.updates().size());
    assertEquals(gradients.input("w"), gradients.updates().getFirst().port());
    assertEquals("is_finite", gradients.guard().orElseThrow().op().mnemonic());
    assertEquals(gradients.input("x"), gradients.result("dloss_dw").operand(1));
  }

  @Test
  void keepsOriginsUnderTheScopeGrad() {
    Graph f = graph("""
        graph f(x: input f64) {
          %0 = sin x : f64 ; layer Model.java:3
          return f=%0
        }
        """);
    Graph gradients = Gradient.gradients(f, "f", List.of("x"));
    assertEquals("grad/layer Model.java:3", gradients.result("df_dx").origin().toString());
  }

  @Test
  void theSameGradientTwiceIsOneResult() {
    Graph f = graph("""
        graph f(x: input f64) {
          %0 = sin x : f64
          return f=%0
        }
        """);
    assertEquals(2, Gradient.gradients(f, "f", List.of("x", "x")).results().size());
    Graph once = Gradient.gradients(f, "f", List.of("x"));
    Graph twice = Gradient.gradients(once, "df_dx", List.of("x"));
    assertArrayEquals(of(-StrictMath.sin(0.5)), run(twice, "ddf_dx_dx", "x", of(0.5)), 1e-15);
  }

  @Test
  void refusesToGiveTwoResultsOneName() {
    Graph f = graph("""
        graph f(x: input f64) {
          %0 = sin x : f64
          return f=%0, df_dx=x
        }
        """);
    assertEquals(
        "graph f already has a result `df_dx`: rename it, or differentiate a graph without it",
        assertThrows(GradientException.class, () -> Gradient.gradients(f, "f", List.of("x")))
            .getMessage());
  }

  private static Graph reduction(String kind) {
    return graph("""
        graph f(x: input f64[4]) {
          %0 = reduce.KIND[axes=(0)] x : f64
          return f=%0
        }
        """.replace("KIND", kind));
  }

  @Test
  void theGradientOfAnExtremumGoesToTheLowestIndex() {
    Graph max = Gradient.gradients(reduction("max"), "f", List.of("x"));
    assertArrayEquals(of(0, 1, 0, 0), run(max, "df_dx", "x", of(1, 3, 3, 2)));
    assertArrayEquals(of(0, 0, 1, 0), run(max, "df_dx", "x", of(1, 3, Double.NaN, Double.NaN)));
    Graph min = Gradient.gradients(reduction("min"), "f", List.of("x"));
    assertArrayEquals(of(1, 0, 0, 0), run(min, "df_dx", "x", of(1, 3, 1, 2)));
  }

  @Test
  void theGradientOfAnExtremumOverASymbolicAxisGoesToTheLowestIndexToo() {
    for (String kind : List.of("max", "min")) {
      Graph f = Gradient.gradients(graph("""
          graph f(x: input f64[n]) {
            %0 = reduce.KIND[axes=(0)] x : f64
            return f=%0
          }
          """.replace("KIND", kind)), "f", List.of("x"));
      assertArrayEquals(of(0, 1, 0),
          run(f, "df_dx", "x", kind.equals("max") ? of(1, 2, 2) : of(3, 2, 2)));
      assertArrayEquals(of(0, 0, 1, 0), run(f, "df_dx", "x", of(1, 3, Double.NaN, Double.NaN)));
      assertArrayEquals(of(), run(f, "df_dx", "x", of()));
    }
  }

  @Test
  void aTieOfTwoOperandsGoesToTheFirst() {
    for (String fn : List.of("max", "min")) {
      Graph f = graph("""
          graph f(x: input f64, y: input f64) {
            %0 = KIND x, y : f64
            return f=%0
          }
          """.replace("KIND", fn));
      Graph gradients = Gradient.gradients(f, "f", List.of("x", "y"));
      assertArrayEquals(of(1), run(gradients, "df_dx", "x", of(2), "y", of(2)));
      assertArrayEquals(of(0), run(gradients, "df_dy", "x", of(2), "y", of(2)));
    }
  }

  @Test
  void kinksHaveTheDocumentedDerivative() {
    for (String fn : List.of("relu", "abs")) {
      Graph f = graph("graph f(x: input f64) {\n  %0 = " + fn + " x : f64\n  return f=%0\n}");
      assertArrayEquals(of(0), run(Gradient.gradients(f, "f", List.of("x")), "df_dx", "x", of(0)));
    }
  }

  @Test
  void aLaneThatASelectDropsHasNoNaNInItsGradient() {
    Graph f = graph("""
        graph f(x: input f64[2], y: input f64[2]) {
          %0 = gt x, y : bool[2]
          %1 = log x : f64[2]
          %2 = select %0, %1, x : f64[2]
          %3 = reduce.sum[axes=(0), order=lanes] %2 : f64
          return f=%3
        }
        """);
    Graph gradients = Gradient.gradients(f, "f", List.of("x"));
    assertArrayEquals(of(1, 0.5), run(gradients, "df_dx", "x", of(-1, 2), "y", of(0, 0)));
  }

  @Test
  void aCustomDerivativeReplacesTheTrueOne() {
    Graph f = graph("""
        graph step(x: input f64) {
          %0 = floor x : f64
          return y=%0
        }
        graph surrogate(x: input f64, y: input f64, dy: input f64) {
          %0 = cos x : f64
          %1 = mul dy, %0 : f64
          return dx=%1
        }
        graph f(x: input f64) {
          %0 = call[@step, derivative=@surrogate] x : (f64)
          %1 = item[index=0] %0 : f64
          %2 = mul %1, %1 : f64
          return f=%2
        }
        """);
    Graph gradients = Gradient.gradients(f, "f", List.of("x"));
    assertArrayEquals(of(2 * 3 * StrictMath.cos(3.5)), run(gradients, "df_dx", "x", of(3.5)),
        1e-15);
    Graph tangents = Tangent.tangents(f, List.of("f"), List.of("x"));
    assertArrayEquals(of(2 * 3 * StrictMath.cos(3.5) * 0.25),
        run(tangents, "df", "x", of(3.5), "dx", of(0.25)), 1e-15);
  }

  @Test
  void gradientsOfF32GraphsAreF32() {
    Graph f = graph("""
        graph f(x: input f32[3]) {
          %0 = cast[to=f64] x : f64[3]
          %1 = sin %0 : f64[3]
          %2 = reduce.sum[axes=(0), order=lanes] %1 : f64
          return f=%2
        }
        """);
    assertEquals(DType.F32, Gradient.gradients(f, "f", List.of("x")).result("df_dx").dtype());
  }

  @Test
  void tangentsNameTheirPortsAndResults() {
    Graph f = graph("""
        graph f(x: input f64, y: input f64) {
          %0 = mul x, y : f64
          return f=%0
        }
        """);
    Graph tangents = Tangent.tangents(f, List.of("f"), List.of("x", "y"));
    assertEquals("f_tangents", tangents.name());
    assertEquals(List.of("x", "y", "dx", "dy"),
        tangents.ports().stream().map(p -> p.name()).toList());
    assertArrayEquals(of(0.5 * 3 + 2 * 0.25),
        run(tangents, "df", "x", of(2), "y", of(3), "dx", of(0.5), "dy", of(0.25)));
  }

  @Test
  void tangentsRefuseWhatGradientsRefuse() {
    Graph f = graph("""
        graph f(x: input f64, dx: input f64, y: input f64, k: input i32) {
          %0 = floor x : f64
          return f=%0, g=dx
        }
        """);
    assertEquals("input `dx`, input `y` do not reach `f`: no path at all",
        assertThrows(GradientException.class,
            () -> Tangent.tangents(f, List.of("f"), List.of("dx", "y"))).getMessage());
    Graph free =
        GradientTest.graph("graph f(x: input f64) {\n  %0 = floor x : f64\n  return f=%0\n}");
    assertEquals("input `x` does not reach `f`: broken at `floor`",
        assertThrows(GradientException.class,
            () -> Tangent.tangents(free, List.of("f"), List.of("x"))).getMessage());
    assertEquals("graph f already has an input `dx`: rename it",
        assertThrows(GradientException.class,
            () -> Tangent.tangents(f, List.of("f"), List.of("x"))).getMessage());
    assertEquals(
        "input `k` is i32: expected a float to differentiate with respect to; cast it to f32 first",
        assertThrows(GradientException.class, () -> Tangent.tangents(f, List.of("f"), List.of("k")))
            .getMessage());
  }

  @Test
  void tangentsOfASumKeepItsOrderAndAccumulator() {
    Graph f = graph("""
        graph f(x: input f32[3,4]) {
          %0 = reduce.sum[axes=(0,1), order=sequential:ba, accumulator=f64] x : f32
          return f=%0
        }
        """);
    Graph tangents = Tangent.tangents(f, List.of("f"), List.of("x"));
    assertEquals(f.result("f").op(), tangents.result("df").op());
    assertEquals(tangents.input("dx"), tangents.result("df").operand(0));
  }

  @Test
  void contractionsKeepTheirAccumulator() {
    Graph f = graph("""
        graph f(x: input f32[3], y: input f32[3]) {
          %0 = contract[a,a->, order=lanes, accumulator=f64] x, y : f32
          return f=%0
        }
        """);
    Op.Contract gradient =
        (Op.Contract) Gradient.gradients(f, "f", List.of("x")).result("df_dx").op();
    assertEquals(DType.F64, gradient.accumulator());
    assertEquals(",a->a", gradient.labels());
  }

  @Test
  void freshNamesAreCounted() {
    FreshNames names = FreshNames.beside(List.of("dx", "dx_2"));
    assertEquals("dx_3", names.fresh("dx"));
    assertEquals("dy", names.fresh("dy"));
    assertEquals("dy_2", names.fresh("dy"));
  }
}
