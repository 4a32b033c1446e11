package io.kotangent.plan.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.GeneratedCode;
import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanRun;
import io.kotangent.plan.lower.Planner;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import java.lang.reflect.Array;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every structural op, as a kernel of its own and as the planner likes it best, yields what the interpreter says, for
/// every batch size; and its bytecode yields the same bits.
class OpNestTest {
  private static final int[] BATCHES = {0, 1, 2, 7, 64};

  /// The statement that makes `%0` (or `y` of it) from ports x, y, i, p, seed; after the bar its type.
  static Stream<String> statements() {
    return Stream.of(
        "iota[axis=0] : i64[b,3]",
        "iota[axis=1] : f64[2,b]",
        "size[dim=2*b+1] : i64",
        "cast[to=i32] x : i32[b,4,3]",
        "cast[to=bool] x : bool[b,4,3]",
        "broadcast[dims=(0,2,3), to=(b,2,4,3)] x : f64[b,2,4,3]",
        "reshape[to=(4,3*b)] x : f64[4,3*b]",
        "transpose[permutation=(2,0,1)] x : f64[3,b,4]",
        "transpose[permutation=(1,0)] m : f64[19,b]",
        "reverse[axes=(0,2)] x : f64[b,4,3]",
        "slice[starts=(0,1,0), limits=(b,4,3), strides=(2,2,1)] x : f64[ceil(b,2),2,3]",
        "pad[low=(1,0,2), high=(0,3,1), interior=(0,1,2)] x, p : f64[b+1,10,10]",
        "concat[axis=1] x, y, x : f64[b,10,3]",
        "concat[axis=0] x, x : f64[2*b,4,3]",
        "windows[axes=1, sizes=2, strides=2] x : f64[b,2,3,2]",
        "windows[axes=(1,2), sizes=(2,2), dilations=(2,1)] x : f64[b,2,2,2,2]",
        "overlap_add[axes=1, lengths=9, strides=2] x : f64[b,9]",
        "overlap_add[axes=1, lengths=8, dilations=2] x : f64[b,8]",
        "gather[axis=1] x, i : f64[b,5,3]",
        "gather[axis=2, batch_dims=1] x, j : f64[b,4,2]",
        "scatter[axis=2, batch_dims=1] x, j, u : f64[b,4,3]",
        "sort[axis=1] m : (f64[b,19], i32[b,19])",
        "sort[axis=0] m : (f64[b,19], i32[b,19])",
        "sort[axis=0] i : (i64[5], i32[5])",
        "sort[axis=1] c : (bool[b,4], i32[b,4])",
        "reduce.sum[axes=(0,2)] x : f64[4]",
        "reduce.sum[axes=1] m : f64[b]",
        "reduce.sum[axes=()] m : f64[b,19]",
        "reduce.product[axes=0] m : f64[19]",
        "reduce.max[axes=(0,1)] m : f64",
        "reduce.min[axes=0] x : f64[4,3]",
        "reduce.all[axes=0] c : bool[4]",
        "reduce.any[axes=1] c : bool[b]",
        "reduce.sum[axes=0] i : i64",
        "reduce.argmax[axes=2] x : i32[b,4]",
        "reduce.argmin[axes=1] m : i32[b]",
        "contract[bm,bn->mn] m, m2 : f64[19,3]",
        "contract[abc,adc->abd] x, y : f64[b,4,2]",
        "contract[ab,ab->a] m, m : f64[b]",
        "contract[ab,ab->] m, m : f64",
        "convolve[nwc,wio->nwc] x, k : f64[b,3,2]",
        "convolve[nwc,wio->nwc, strides=2, low=1, high=2] x, k : f64[b,3,2]",
        "convolve[nwc,wio->nwc, low=2, high=1, data_dilation=2, kernel_dilation=2] x, k : f64[b,8,2]",
        "convolve[nwc,wio->nwc, low=-1, high=0] x, k : f64[b,2,2]",
        "convolve[nwc,wio->nwc, groups=3] x, g : f64[b,3,6]",
        "random[stream=\"a/b\"] seed, step : i32[b,5]",
        "random[stream=\"a/b\", per_example=true] seed, step : i32[b,7]",
        "random[stream=\"a\", per_example=true] seed, step, ids : i32[b,8]");
  }

  private static Graph graph(String statement) {
    boolean tuple = statement.contains(" : (");
    String items = tuple ? tupleItems(statement) : "";
    return GraphParser.parse("""
        graph f(x: input f64[b,4,3], y: input f64[b,2,3], m: input f64[b,19], m2: input f64[b,3], p: input f64,
          i: input i64[5] in 0..3, j: input i32[b,2] in 0..2, u: input f64[b,4,2], c: input bool[b,4], k: input f64[2,3,2],
          g: input f64[2,1,6], seed: input i64, step: input i64, ids: input i64[b]) {
          %%0 = %s
        %s}
        """.formatted(statement, tuple ? items : "  return r=%0\n")).getLast();
  }

  private static String tupleItems(String statement) {
    String[] types =
        statement.substring(statement.indexOf(" : (") + 4, statement.length() - 1).split(", ");
    return "  %1 = item[index=0] %0 : " + types[0] + "\n  %2 = item[index=1] %0 : " + types[1]
        + "\n  return r=%1, s=%2\n";
  }

  private static Map<String, TensorValue> inputs(Graph graph, Map<String, Long> symbols) {
    SplittableRandom random = new SplittableRandom(3);
    Map<String, TensorValue> inputs = new LinkedHashMap<>();
    for (Port port : graph.ports()) {
      int[] dims = port.type().shape().evaluate(symbols);
      int size = 1;
      for (int dim : dims) {
        size *= dim;
      }
      long high = port.range().map(r -> r.high()).orElse(Long.MAX_VALUE - 1);
      Object array = port.type().dtype().newArray(size);
      for (int n = 0; n < size; n++) {
        switch (port.type().dtype()) {
          case F32 -> Array.setFloat(array, n, random.nextInt(-9, 10) / 4f);
          case F64 -> Array.setDouble(array, n, random.nextInt(-9, 10) / 4.0);
          case I32 -> Array.setInt(array, n, (int) random.nextLong(high + 1));
          case I64 -> Array.setLong(array, n, random.nextLong(high + 1));
          case BOOL -> Array.setBoolean(array, n, random.nextBoolean());
        }
      }
      inputs.put(port.name(), TensorValue.of(port.type().dtype(), dims, array));
    }
    return inputs;
  }

  @ParameterizedTest @MethodSource("statements") @Tag("fast")
  void yieldsWhatTheInterpreterSays(String statement) {
    Graph graph = graph(statement);
    for (PlanOptions options : new PlanOptions[] {PlanOptions.plain(), PlanOptions.STANDARD}) {
      Plan plan = Planner.plan(graph, options);
      for (int batch : BATCHES) {
        Map<String, Long> symbols = Map.of("b", (long) batch);
        Map<String, TensorValue> inputs = inputs(graph, symbols);
        Map<String, TensorValue> expected = Interpreter.run(graph, inputs, symbols).results();
        PlanRun run = PlanRun.interpreted(plan, graph, inputs, symbols);
        expected.forEach((name, tensor) -> assertClose(statement + " of " + batch, tensor,
            run.arrays().get(name)));
      }
    }
  }

  @ParameterizedTest @MethodSource("statements")
  void itsBytecodeYieldsTheSameBits(String statement) {
    Graph graph = graph(statement);
    for (PlanOptions options : new PlanOptions[] {PlanOptions.plain(), PlanOptions.STANDARD}) {
      Plan plan = Planner.plan(graph, options);
      GeneratedCode code = GeneratedCode.of(plan, new KernelCache());
      for (int batch : BATCHES) {
        Map<String, Long> symbols = Map.of("b", (long) batch);
        Map<String, TensorValue> inputs = inputs(graph, symbols);
        PlanRun run = PlanRun.interpreted(plan, graph, inputs, symbols);
        assertEquals(run, PlanRun.run(plan, _ -> code, graph, inputs, symbols));
      }
    }
  }

  private static void assertClose(String what, TensorValue expected, TensorValue got) {
    assertEquals(expected.type(), got.type(), what);
    for (int n = 0; n < expected.size(); n++) {
      if (expected.dtype() == DType.F64) {
        assertEquals(expected.real(n), got.real(n), 1e-12 * Math.max(1, Math.abs(expected.real(n))),
            what);
      } else {
        assertEquals(expected.integer(n), got.integer(n), what);
      }
    }
  }

  @Test @Tag("fast")
  void sortIsStableAndPutsNansLast() {
    Graph graph = graph("sort[axis=1] m : (f64[b,19], i32[b,19])");
    double[] row = {3, Double.NaN, -0.0, 0.0, 3, Double.POSITIVE_INFINITY, -1, Double.NaN,
        Double.NEGATIVE_INFINITY, 3, 0.0,
        -0.0, 2, 2, 2, 1, 5, 4, 3};
    Map<String, Long> symbols = Map.of("b", 1L);
    Map<String, TensorValue> inputs = inputs(graph, symbols);
    inputs.put("m", TensorValue.f64(new int[] {1, 19}, row));
    PlanRun run =
        PlanRun.interpreted(Planner.plan(graph, PlanOptions.STANDARD), graph, inputs, symbols);
    int[] order = {8, 6, 2, 3, 10, 11, 15, 12, 13, 14, 0, 4, 9, 18, 17, 16, 5, 1, 7};
    for (int n = 0; n < order.length; n++) {
      assertEquals(order[n], run.arrays().get("s").integer(n));
      assertEquals(row[order[n]], run.arrays().get("r").real(n));
    }
  }

  @Test @Tag("fast")
  void anIndexOutOfRangeIsAnErrorThatNamesTheStep() {
    for (String statement : new String[] {"gather[axis=1] x, i : f64[b,5,3]",
        "scatter[axis=2, batch_dims=1] x, j, u : f64[b,4,3]"}) {
      Graph graph = graph(statement);
      for (long wrong : new long[] {-1, 4, Integer.MAX_VALUE}) {
        Map<String, Long> symbols = Map.of("b", 2L);
        Map<String, TensorValue> inputs = inputs(graph, symbols);
        inputs.put("i", TensorValue.of(DType.I64, new int[] {5}, new long[] {0, 1, wrong, 2, 3}));
        inputs.put("j",
            TensorValue.of(DType.I32, new int[] {2, 2}, new int[] {0, 1, (int) wrong, 2}));
        Plan plan = Planner.plan(graph, PlanOptions.STANDARD);
        KotangentException e = assertThrows(KotangentException.class,
            () -> PlanRun.interpreted(plan, graph, inputs, symbols));
        assertTrue(e.getMessage().contains("out of range") && e.getMessage().contains(".ir:"),
            e.getMessage());
      }
    }
  }

  @Test @Tag("fast")
  void theArgumentOfNothingIsAnError() {
    Graph graph = GraphParser.parse(
        "graph f(m: input f64[3,b]) {\n  %0 = reduce.argmax[axes=1] m : i32[3]\n  return r=%0\n}")
        .getLast();
    Map<String, Long> symbols = Map.of("b", 0L);
    Plan plan = Planner.plan(graph, PlanOptions.plain());
    KotangentException e = assertThrows(KotangentException.class,
        () -> PlanRun.interpreted(plan, graph, inputs(graph, symbols), symbols));
    assertTrue(e.getMessage().contains("at least one element"), e.getMessage());
  }
}
