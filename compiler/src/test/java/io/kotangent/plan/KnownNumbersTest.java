package io.kotangent.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.autodiff.Gradient;
import io.kotangent.bytecode.Compilation;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.plan.lower.Planner;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Numbers that are known by hand, of graphs whose plans once gave others: in every way, as built and optimized, and of
/// compiled code.
class KnownNumbersTest {
  private static void inEveryWay(Graph graph, Map<String, TensorValue> inputs, long n,
      Consumer<Map<String, TensorValue>> check) {
    Map<String, Long> symbols = Map.of("n", n);
    for (Graph each : List.of(graph, Compiler.optimize(graph, CompileOptions.standard()))) {
      assertEquals(List.of(), new EveryWay().faults(graph, each, inputs, symbols));
      for (EveryWay.Way way : EveryWay.Way.values()) {
        check.accept(PlanRun.interpreted(Planner.plan(each, way.options()), each, inputs, symbols)
            .arrays());
      }
    }
    Compilation compiled = Compiler.compilation(graph, CompileOptions.standard());
    check.accept(PlanRun.run(compiled.plan(), _ -> compiled.code(), graph, inputs, symbols)
        .arrays());
  }

  /// The index that the one-hot of a class is compared with begins at 40 in the second half.
  @Test
  void thePickOfAConcatenationHasItsGradientWhereThePickedElementIs() {
    Graph loss = GraphParser.parse("""
        graph g(a: input f32[n,40], b: input f32[n,40], y: input i32[n] in 0..79) {
          %0 = concat[axis=1] a, b                 : f32[n,80]
          %1 = gather[axis=1, batch_dims=1] %0, y  : f32[n]
          %2 = reduce.sum[axes=0] %1               : f32
          return loss=%2
        }
        """).getLast();
    Map<String, TensorValue> inputs = new LinkedHashMap<>();
    inputs.put("a", TensorValue.of(DType.F32, new int[] {3, 40}, new float[120]));
    inputs.put("b", TensorValue.of(DType.F32, new int[] {3, 40}, new float[120]));
    inputs.put("y", TensorValue.of(DType.I32, new int[] {3}, new int[] {5, 50, 79}));
    inEveryWay(Gradient.gradients(loss, "loss", List.of("a", "b")), inputs, 3, results -> {
      float[] byA = new float[120];
      float[] byB = new float[120];
      byA[5] = 1;
      byB[40 + 10] = 1;
      byB[80 + 39] = 1;
      assertArrayEquals(byA, (float[]) results.get("dloss_da").toArray());
      assertArrayEquals(byB, (float[]) results.get("dloss_db").toArray());
    });
  }

  /// With one feature, a row of the convolution goes on over all lines of the image; the vector does not.
  @Test
  void aConvolutionOfOneFeatureTimesAVectorByColumn() {
    Graph graph = GraphParser.parse("""
        graph g(x: input f64[n,3,4,5], k: input f64[1,1,3,6], a: input f64[5]) {
          %0 = convolve[nchw,hwio->nchw] x, k        : f64[n,6,4,5]
          %1 = broadcast[dims=3, to=(n,6,4,5)] a     : f64[n,6,4,5]
          %2 = mul %1, %0                            : f64[n,6,4,5]
          return y=%2
        }
        """).getLast();
    double[] x = numbers(2 * 3 * 4 * 5);
    double[] k = numbers(3 * 6);
    double[] a = {1, -2, 3, -4, 5};
    double[] y = new double[2 * 6 * 4 * 5];
    for (int i = 0; i < y.length; i++) {
      int place = i % 20;
      int feature = i / 20 % 6;
      for (int c = 0; c < 3; c++) {
        y[i] += x[i / 120 * 60 + c * 20 + place] * k[c * 6 + feature];
      }
      y[i] *= a[i % 5];
    }
    Map<String, TensorValue> inputs = new LinkedHashMap<>();
    inputs.put("x", TensorValue.f64(new int[] {2, 3, 4, 5}, x));
    inputs.put("k", TensorValue.f64(new int[] {1, 1, 3, 6}, k));
    inputs.put("a", TensorValue.f64(new int[] {5}, a));
    inEveryWay(graph, inputs, 2,
        results -> assertArrayEquals(y, (double[]) results.get("y").toArray()));
  }

  /// A row of more than a block of 1024 elements that is made block by block, and one of its elements picked.
  @Test
  void thePickOfALongVector() {
    Graph graph = GraphParser.parse("""
        graph g(x: input f64[1500], y: input i32 in 0..1499) {
          %0 = mul x, x              : f64[1500]
          %1 = gather[axis=0] %0, y  : f64
          return y0=%1
        }
        """).getLast();
    double[] x = new double[1500];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
    }
    for (int picked : new int[] {0, 1023, 1024, 1499}) {
      Map<String, TensorValue> inputs = new LinkedHashMap<>();
      inputs.put("x", TensorValue.f64(new int[] {1500}, x));
      inputs.put("y", TensorValue.of(DType.I32, new int[0], new int[] {picked}));
      inEveryWay(graph, inputs, 1, results -> assertArrayEquals(
          new double[] {(double) picked * picked}, (double[]) results.get("y0").toArray()));
    }
  }

  /// Small integers, so that sums of their products are exact in any order.
  private static double[] numbers(int count) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = i * 7 % 11 - 5;
    }
    return numbers;
  }
}
