package io.kotangent.plan.sum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanLaw;
import io.kotangent.plan.PlanMemory;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.PlanRun;
import io.kotangent.plan.Step;
import io.kotangent.plan.lower.Planner;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Long sums of few results, whose chunks threads share: the same bits as one loop.
@Tag("fast")
class ChunkedSumTest {
  private static final int[] SIZES = {0, 1, 3, 255, 256, 257, 1024, 1300, 2053};

  private static Graph graph(String statement, String ports) {
    return GraphParser.parseOne("""
        graph f(%s) {
          %%0 = %s
          return y=%%0
        }
        """.formatted(ports, statement));
  }

  private static final String PORTS =
      "x: input f32[b,30], g: input f32[b,1], d: input f64[b,3], k: input f32[b,7,5], h: input f32[b,7], "
          + "m: input f32[b,9,36], n: input f32[b,2,9,8], p: input f32[b,7,8]";

  @ParameterizedTest @ValueSource(strings = {"contract[ax,ay->xy] x, g : f32[30,1]",
      "reduce.sum[axes=0] g : f32[1]", "reduce.sum[axes=0] x : f32[30]",
      "reduce.sum[axes=0] d : f64[3]", "reduce.sum[axes=(0,1)] k : f32[5]",
      "contract[azc,az->c] k, h : f32[5]", "contract[azc,az->zc] k, h : f32[7,5]",
      "contract[azc,az->zc] p, h : f32[7,8]",
      "reduce.sum[axes=(0,1)] m : f32[36]", "reduce.sum[axes=(0,2)] n : f32[2,8]",
      "contract[ay,ax->yx] h, x : f32[7,30]"})
  void hasTheBitsOfOneLoop(String statement) {
    Graph graph = graph(statement, used(statement));
    boolean few = !statement.endsWith("[7,30]") && !statement.endsWith("f32[30]");
    assertEquals(few, PlanLaw.names(Planner.plan(graph, PlanOptions.STANDARD).steps())
        .contains("join"), statement);
    PlanLaw.holds(graph, SIZES);
  }

  private static String used(String statement) {
    List<String> operands =
        List.of(statement.replaceAll("^[^ ]*\\] | : .*$", "").split(", "));
    return String.join(", ", List.of(PORTS.split(", (?=[a-z]: )")).stream()
        .filter(port -> operands.contains(port.substring(0, 1))).toList());
  }

  @Test
  void aSumOfNegativeZeroKeepsItsSign() {
    Graph graph = graph("contract[ax,ay->xy] x, g : f32[30,1]",
        "x: input f32[b,30], g: input f32[b,1]");
    Map<String, Long> symbols = Map.of("b", 300L);
    float[] tiny = new float[300 * 30];
    Arrays.fill(tiny, Float.MIN_VALUE);
    float[] negative = new float[300];
    Arrays.fill(negative, -Float.MIN_VALUE);
    Map<String, TensorValue> inputs = Map.of("x",
        TensorValue.of(DType.F32, new int[] {300, 30}, tiny), "g",
        TensorValue.of(DType.F32, new int[] {300, 1}, negative));
    PlanRun plain =
        PlanRun.interpreted(Planner.plan(graph, PlanOptions.plain()), graph, inputs, symbols);
    assertEquals(plain,
        PlanRun.interpreted(Planner.plan(graph, PlanOptions.STANDARD), graph, inputs, symbols));
    assertEquals(Double.doubleToRawLongBits(-0.0),
        Double.doubleToRawLongBits(plain.arrays().get("y").real(0)));
  }

  @Test
  void shortSumsAndThoseOfManyResultsAreLeftAlone() {
    assertFalse(isChunked("contract[ax,ay->xy] x, g : f32[30,1]",
        "x: input f32[1000,30], g: input f32[1000,1]"));
    assertTrue(isChunked("contract[ax,ay->xy] x, g : f32[30,1]",
        "x: input f32[2000,30], g: input f32[2000,1]"));
    assertFalse(isChunked("contract[ax,ay->xy] x, g : f32[65,1]",
        "x: input f32[b,65], g: input f32[b,1]"));
    assertFalse(isChunked("reduce.sum[axes=1] x : f32[30]", "x: input f32[30,b]"));
  }

  private static boolean isChunked(String statement, String ports) {
    return Planner.plan(graph(statement, ports), PlanOptions.STANDARD).steps().stream()
        .anyMatch(step -> step instanceof Step.Run run && run.name().equals("join"));
  }

  @ParameterizedTest @ValueSource(ints = {8191, 8192, 10_001})
  void manyValuesAreCheckedByAll(int length) {
    Graph graph = GraphParser.parseOne("""
        graph f(x: input f32[N], y: input f32[5], w: state f32[N]) {
          %0 = is_finite x              : bool[N]
          %1 = reduce.all[axes=0] %0    : bool
          %2 = is_finite y              : bool[5]
          %3 = reduce.all[axes=0] %2    : bool
          %4 = and %1, %3               : bool
          %5 = add w, x                 : f32[N]
          guard %4
          update w = %5
          return ok=%4
        }
        """.replace("N", "" + length));
    Plan plan = Planner.plan(graph, PlanOptions.STANDARD);
    assertEquals(length >= 8192, PlanLaw.names(plan.steps()).contains("check"));
    PlanLaw.holds(graph, 1);
    for (int place : new int[] {0, 511, 512, 4095, 4096, length - 1}) {
      for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
        float[] x = new float[length];
        Arrays.fill(x, Float.MAX_VALUE);
        x[place] = bad;
        Map<String, TensorValue> inputs =
            Map.of("x", TensorValue.of(DType.F32, new int[] {length}, x), "y",
                TensorValue.of(DType.F32, new int[] {5}, new float[5]), "w",
                TensorValue.of(DType.F32, new int[] {length}, new float[length]));
        assertFalse(PlanRun.interpreted(plan, graph, inputs, Map.of()).committed(),
            bad + " at " + place);
      }
    }
  }

  /// What is known of two of three checks is a result, so these two are not one check with the third.
  @Test
  void anAnswerOfItsOwnIsKept() {
    Graph graph = GraphParser.parseOne("""
        graph f(x: input f32[9000], y: input f32[9000], z: input f32[9000]) {
          %0 = is_finite x              : bool[9000]
          %1 = reduce.all[axes=0] %0    : bool
          %2 = is_finite y              : bool[9000]
          %3 = reduce.all[axes=0] %2    : bool
          %4 = and %1, %3               : bool
          %5 = is_finite z              : bool[9000]
          %6 = reduce.all[axes=0] %5    : bool
          %7 = and %4, %6               : bool
          return two=%4, three=%7
        }
        """);
    for (String bad : List.of("x", "y", "z", "")) {
      Map<String, TensorValue> inputs = new LinkedHashMap<>();
      for (String name : List.of("x", "y", "z")) {
        float[] values = new float[9000];
        values[8999] = name.equals(bad) ? Float.NaN : 1;
        inputs.put(name, TensorValue.of(DType.F32, new int[] {9000}, values));
      }
      PlanRun run = PlanRun.interpreted(Planner.plan(graph, PlanOptions.STANDARD), graph, inputs,
          Map.of());
      boolean two = bad.equals("z") || bad.isEmpty();
      assertEquals(two, run.arrays().get("two").bool(0), bad);
      assertEquals(bad.isEmpty(), run.arrays().get("three").bool(0), bad);
    }
  }

  @Test
  void memoryIsCounted() {
    Plan plan = Planner.plan(graph("contract[ax,ay->xy] x, g : f32[30,1]",
        "x: input f32[b,30], g: input f32[b,1]"), PlanOptions.STANDARD);
    PlanMemory memory = PlanMemory.of(plan);
    Map<String, Long> sizes = Map.of("b", 512L);
    assertEquals(2 * 30 * 4, memory.peak(sizes, 2));
    assertEquals(2 * 30 * 4 + 512 * 31 * 4 + 30 * 4, memory.total(sizes, 2));
    assertTrue(PlanPrinter.print(plan).endsWith("// " + memory + "\n"));
    assertEquals("0.06 MB of arrays, 0.00 MB of them for intermediate values",
        memory.summary(sizes, 1));
  }
}
