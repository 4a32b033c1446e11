package io.kotangent.plan.sum;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanRun;
import io.kotangent.plan.lower.Planner;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The bits of sums are those of the order that is written down, here once more as plain Java over f32.
@Tag("fast")
class SumOrderTest {
  /// Adds element k of a sum to a partial result.
  private interface Add {
    float apply(float sum, int k);
  }

  private static float sequential(int outer, int inner, float start, Add add) {
    int steps = Math.max(1, 256 / Math.max(1, inner));
    float total = start;
    for (int c = 0; c * steps < outer; c++) {
      float part = start;
      for (int k = c * steps * inner; k < Math.min(outer, (c + 1) * steps) * inner; k++) {
        part = add.apply(part, k);
      }
      total = c == 0 ? part : start == 0 ? total + part : total * part;
    }
    return total;
  }

  private static float lanes(int size, float start, Add add) {
    float total = start;
    for (int c = 0; c < size; c += 4096) {
      float[] lane = new float[32];
      java.util.Arrays.fill(lane, start);
      for (int k = c; k < Math.min(size, c + 4096); k++) {
        lane[k % 32] = add.apply(lane[k % 32], k);
      }
      for (int half = 16; half > 0; half /= 2) {
        for (int l = 0; l < half; l++) {
          lane[l] = start == 0 ? lane[l] + lane[l + half] : lane[l] * lane[l + half];
        }
      }
      total = c == 0 ? lane[0] : start == 0 ? total + lane[0] : total * lane[0];
    }
    return total;
  }

  private static float[] random(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextDouble(-1, 1.5);
    }
    return values;
  }

  /// Runs a statement over ports x and w, with and without plan passes.
  private static void check(String x, float[] xs, String w, float[] ws, String statement,
      IntToFloat expected) {
    Graph graph = GraphParser
        .parse("graph f(x: input " + x + ", w: input " + w + ", i: input i32[600]) {\n  %0 = "
            + statement + "\n  return r=%0\n}")
        .getLast();
    Map<String, TensorValue> inputs = new LinkedHashMap<>();
    inputs.put("x", tensor(graph, 0, xs));
    inputs.put("w", tensor(graph, 1, ws));
    inputs.put("i", TensorValue.of(DType.I32, new int[] {600}, new int[600]));
    for (PlanOptions options : new PlanOptions[] {PlanOptions.plain(), PlanOptions.STANDARD}) {
      TensorValue got = PlanRun.interpreted(Planner.plan(graph, options), graph, inputs, Map.of())
          .arrays().get("r");
      for (int n = 0; n < got.size(); n++) {
        assertEquals(expected.at(n), (float) got.real(n), statement + " " + n);
      }
    }
  }

  private interface IntToFloat {
    float at(int place);
  }

  private static TensorValue tensor(Graph graph, int port, float[] values) {
    return TensorValue.of(DType.F32, graph.ports().get(port).type().shape().evaluate(Map.of()),
        values);
  }

  @Test
  void aReductionOfTheLastAxesIsInLanes() {
    float[] x = random(2 * 9000, 1);
    check("f32[2,9000]", x, "f32", new float[1], "reduce.sum[axes=1] x : f32[2]",
        row -> lanes(9000, 0, (sum, k) -> sum + x[row * 9000 + k]));
    check("f32[2,90,100]", x, "f32", new float[1], "reduce.sum[axes=(1,2)] x : f32[2]",
        row -> lanes(9000, 0, (sum, k) -> sum + x[row * 9000 + k]));
    check("f32[2,9000]", x, "f32", new float[1], "reduce.product[axes=1] x : f32[2]",
        row -> lanes(9000, 1, (product, k) -> product * x[row * 9000 + k]));
  }

  @Test
  void otherReductionsAreSequentialInChunks() {
    float[] x = random(2100, 2);
    check("f32[700,3]", x, "f32", new float[1], "reduce.sum[axes=0] x : f32[3]",
        column -> sequential(700, 1, 0, (sum, k) -> sum + x[k * 3 + column]));
    check("f32[7,3,100]", x, "f32", new float[1], "reduce.sum[axes=(0,2)] x : f32[3]",
        column -> sequential(7, 100, 0,
            (sum, k) -> sum + x[k / 100 * 300 + column * 100 + k % 100]));
    check("f32[3,2,350]", x, "f32", new float[1], "reduce.sum[axes=(0,2)] x : f32[2]",
        column -> sequential(3, 350, 0,
            (sum, k) -> sum + x[k / 350 * 700 + column * 350 + k % 350]));
    check("f32[700,3]", x, "f32", new float[1], "reduce.product[axes=0] x : f32[3]",
        column -> sequential(700, 1, 1, (product, k) -> product * x[k * 3 + column]));
  }

  @Test
  void contractions() {
    float[] x = random(4 * 600, 3);
    float[] w = random(600 * 5, 4);
    check("f32[4,600]", x, "f32[600,5]", w, "contract[bk,kn->bn] x, w : f32[4,5]",
        n -> sequential(600, 1, 0,
            (sum, k) -> Math.fma(x[n / 5 * 600 + k], w[k * 5 + n % 5], sum)));
    check("f32[4,600]", x, "f32[5,600]", w, "contract[bk,nk->bn] x, w : f32[4,5]",
        n -> sequential(600, 1, 0,
            (sum, k) -> Math.fma(x[n / 5 * 600 + k], w[n % 5 * 600 + k], sum)));
    check("f32[600,4]", x, "f32[600,5]", w, "contract[kb,kn->bn] x, w : f32[4,5]",
        n -> sequential(600, 1, 0, (sum, k) -> Math.fma(x[k * 4 + n / 5], w[k * 5 + n % 5], sum)));
    float[] v = random(5000, 5);
    float[] a = random(2 * 5000, 6);
    check("f32[2,5000]", a, "f32[5000]", v, "contract[bk,k->b] x, w : f32[2]",
        row -> lanes(5000, 0, (sum, k) -> Math.fma(a[row * 5000 + k], v[k], sum)));
  }

  @Test
  void shortSumsKeepTheSignOfZero() {
    for (int k : new int[] {1, 2, 7, 15, 16, 17, 30, 31, 32, 33, 40, 63, 64, 65}) {
      float[] x = random(11 * k, k);
      float[] v = random(k, k + 1);
      for (int i = 0; i < x.length; i++) {
        x[i] = i % 3 == 0 ? -0f : i / k < 8 ? -Math.abs(x[i]) * 1e-30f : x[i];
      }
      for (int i = 0; i < k; i++) {
        v[i] = i % 5 == 4 ? 0 : Math.abs(v[i]) * 1e-30f;
      }
      String type = "f32[11," + k + "]";
      check(type, x, "f32[" + k + "]", v, "contract[bk,k->b] x, w : f32[11]",
          row -> lanes(k, 0, (sum, i) -> Math.fma(x[row * k + i], v[i], sum)));
      check(type, x, "f32[" + k + ",1]", v, "contract[bk,kn->bn] x, w : f32[11,1]",
          row -> sequential(k, 1, 0, (sum, i) -> Math.fma(x[row * k + i], v[i], sum)));
      check(type, x, "f32", new float[1], "reduce.sum[axes=1] x : f32[11]",
          row -> lanes(k, 0, (sum, i) -> sum + x[row * k + i]));
      check(type, x, "f32", new float[1], "reduce.product[axes=1] x : f32[11]",
          row -> lanes(k, 1, (product, i) -> product * x[row * k + i]));
    }
    float[] a = random(3 * 2 * 2500, 9);
    float[] b = random(2 * 2500, 10);
    check("f32[3,2,2500]", a, "f32[2,2500]", b, "contract[bik,ik->b] x, w : f32[3]",
        row -> lanes(5000, 0, (sum, k) -> Math.fma(a[row * 5000 + k], b[k], sum)));
  }

  @Test
  void convolutionsSumKernelRowsThenColumnsThenChannels() {
    float[] x = random(2 * 6 * 6 * 32, 7);
    float[] w = random(5 * 5 * 32 * 2, 8);
    check("f32[2,6,6,32]", x, "f32[5,5,32,2]", w, "convolve[nhwc,hwio->nhwc] x, w : f32[2,2,2,2]",
        n -> sequential(5, 160, 0, (sum, k) -> {
          int row = n / 4 % 2 + k / 160;
          int column = n / 2 % 2 + k / 32 % 5;
          return Math.fma(x[((n / 8 * 6 + row) * 6 + column) * 32 + k % 32], w[k * 2 + n % 2], sum);
        }));
  }

  @Test
  void paddingIsMultipliedAndHolesAreNot() {
    float[] x = {-0f, 2f, 3f};
    float[] w = {Float.POSITIVE_INFINITY, 5f};
    check("f32[1,3,1]", x, "f32[2,1,1]", w,
        "convolve[nwc,wio->nwc, low=1, high=1] x, w : f32[1,4,1]",
        n -> new float[] {Float.NaN, Float.NaN, Float.POSITIVE_INFINITY,
            Float.POSITIVE_INFINITY}[n]);
    check("f32[1,3,1]", x, "f32[2,1,1]", w,
        "convolve[nwc,wio->nwc, data_dilation=2] x, w : f32[1,4,1]",
        n -> new float[] {Float.NaN, 10f, Float.POSITIVE_INFINITY, 15f}[n]);
    // a hole of one axis in the padding of another is a hole
    check("f32[1,1,2,1]", new float[] {2, 3}, "f32[2,1,1,1]",
        new float[] {Float.POSITIVE_INFINITY, 1},
        "convolve[nhwc,hwio->nhwc, low=(1,0), high=(0,0), data_dilation=(1,2)] x, w : f32[1,1,3,1]",
        n -> n == 1 ? 0 : Float.NaN);
  }

  @Test
  void scatterAndOverlapAddGoInTheOrderOfTheirSources() {
    float[] base = {1e8f};
    float[] updates = random(600, 9);
    check("f32[1]", base, "f32[600]", updates, "scatter[axis=0] x, i, w : f32[1]", _ -> {
      float sum = base[0];
      for (float update : updates) {
        sum += update;
      }
      return sum;
    });
    float[] windows = random(6 * 5, 10);
    IntUnaryOperator first = p -> Math.max(0, p - 4);
    check("f32[6,5]", windows, "f32", new float[1], "overlap_add[axes=0, lengths=10] x : f32[10]",
        p -> {
          float sum = 0;
          for (int window = first.applyAsInt(p); window <= Math.min(5, p); window++) {
            sum += windows[window * 5 + p - window];
          }
          return sum;
        });
  }
}
