package io.kotangent.plan.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.eval.Evaluation;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPass;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.PlanRun;
import io.kotangent.plan.Step;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Which steps a graph becomes, and that no choice of the planner changes a bit or an update.
@Tag("fast")
class PlannerTest {
  private static final int[] BATCHES = {0, 1, 2, 7, 33};

  /// Asserts the names of the steps (long sums of few results left as they are) and, for every batch size and every plan pass skipped, the results.
  private static void becomes(String text, String... steps) {
    Graph graph = GraphParser.parseOne(text);
    Plan plan = Planner.plan(graph,
        new PlanOptions(Optional.empty(), Set.of(PlanPass.CHUNK_TOTALS)));
    assertEquals(List.of(steps), names(plan.steps()), () -> PlanPrinter.print(plan));
    for (int batch : BATCHES) {
      yieldsTheSame(graph, batch);
    }
  }

  private static void yieldsTheSame(Graph graph, int batch) {
    Map<String, Long> symbols = Map.of("b", (long) batch);
    Map<String, TensorValue> inputs = inputs(graph, symbols);
    PlanRun plain =
        PlanRun.interpreted(Planner.plan(graph, PlanOptions.plain()), graph, inputs, symbols);
    Evaluation meaning = Interpreter.run(graph, inputs, symbols);
    plain.arrays().forEach((name, value) -> {
      TensorValue expected =
          meaning.results().containsKey(name) ? meaning.result(name) : meaning.state().get(name);
      assertClose(expected, value, meaning.largest(), name);
    });
    assertEquals(meaning.committed(), plain.committed());
    List<PlanOptions> all = new ArrayList<>(List.of(PlanOptions.STANDARD));
    for (PlanPass pass : PlanPass.values()) {
      all.add(new PlanOptions(Optional.empty(), Set.of(pass)));
    }
    for (PlanOptions options : all) {
      Plan plan = Planner.plan(graph, options);
      assertEquals(plain, PlanRun.interpreted(plan, graph, inputs, symbols),
          () -> "skipped " + options.skipped() + ", batch " + batch + "\n"
              + PlanPrinter.print(plan));
    }
  }

  private static void assertClose(TensorValue expected, TensorValue value, double largest,
      String name) {
    assertEquals(expected.size(), value.size(), name);
    for (int i = 0; i < value.size(); i++) {
      if (value.dtype().isFloat()) {
        double e = expected.real(i);
        assertTrue(Double.compare(e, value.real(i)) == 0
            || Math.abs(e - value.real(i)) <= 1e-9 * Math.max(1, largest), name + "[" + i + "]");
      }
    }
  }

  private static Map<String, TensorValue> inputs(Graph graph, Map<String, Long> symbols) {
    SplittableRandom random = new SplittableRandom(5);
    Map<String, TensorValue> inputs = new LinkedHashMap<>();
    for (Port port : graph.ports()) {
      int[] dims = port.type().shape().evaluate(symbols);
      int size = 1;
      for (int dim : dims) {
        size *= dim;
      }
      Object array = port.type().dtype().newArray(size);
      for (int i = 0; i < size; i++) {
        switch (array) {
          case double[] a -> a[i] = random.nextDouble() * 2 - (port.role() == Role.STATE ? 0.5 : 1);
          case int[] a -> a[i] = random.nextInt(3);
          case long[] a -> a[i] = 1 + random.nextInt(3);
          case boolean[] a -> a[i] = random.nextBoolean();
          default -> throw new AssertionError(port);
        }
      }
      inputs.put(port.name(), TensorValue.of(port.type().dtype(), dims, array));
    }
    return inputs;
  }

  private static List<String> names(List<Step> steps) {
    List<String> names = new ArrayList<>();
    for (Step step : steps) {
      switch (step) {
        case Step.Run run -> names.add(run.name());
        case Step.Barrier _ -> {
          // not of interest
        }
        case Step.Repeat repeat -> names.add("repeat" + names(repeat.body()));
        case Step.When when -> names.add("when" + names(when.then()) + names(when.otherwise()));
      }
    }
    return names;
  }

  // ---- fusion

  @Test
  void biasAndActivationAreTheEpilogueOfAContraction() {
    becomes("""
        graph f(x: input f64[b,12], w: param f64[12,9], c: param f64[9]) {
          %0 = contract[bk,kn->bn] x, w           : f64[b,9]
          %1 = broadcast[dims=1, to=(b,9)] c      : f64[b,9]
          %2 = add %0, %1                         : f64[b,9]
          %3 = relu %2                            : f64[b,9]
          return y=%3
        }
        """, "contract_add_relu");
  }

  @Test
  void anElementwiseChainWithBroadcastsIsOneKernel() {
    becomes("""
        graph f(x: input f64[b,5], r: input f64[b], c: param f64[5], s: input f64) {
          %0 = broadcast[dims=0, to=(b,5)] r      : f64[b,5]
          %1 = broadcast[dims=1, to=(b,5)] c      : f64[b,5]
          %2 = broadcast[dims=(), to=(b,5)] s     : f64[b,5]
          %3 = mul x, %0                          : f64[b,5]
          %4 = add %3, %1                         : f64[b,5]
          %5 = mul %4, %2                         : f64[b,5]
          %6 = tanh %5                            : f64[b,5]
          return y=%6, z=%3
        }
        """, "mul_add_mul_tanh");
  }

  @Test
  void softmaxIsOneKernel() {
    becomes("""
        graph f(x: input f64[b,40]) {
          %0 = reduce.max[axes=1] x               : f64[b]
          %1 = broadcast[dims=0, to=(b,40)] %0    : f64[b,40]
          %2 = sub x, %1                          : f64[b,40]
          %3 = exp %2                             : f64[b,40]
          %4 = reduce.sum[axes=1] %3              : f64[b]
          %5 = broadcast[dims=0, to=(b,40)] %4    : f64[b,40]
          %6 = div %3, %5                         : f64[b,40]
          %7 = log %4                             : f64[b]
          return p=%6, l=%7
        }
        """, "reduce_max_sub_exp_reduce_sum");
  }

  @Test
  void rowsLongerThanAChunkAreSummedInChunks() {
    becomes("""
        graph f(x: input f64[3,5000]) {
          %0 = mul x, x                           : f64[3,5000]
          %1 = reduce.sum[axes=1] %0              : f64[3]
          %2 = broadcast[dims=0, to=(3,5000)] %1  : f64[3,5000]
          %3 = div %0, %2                         : f64[3,5000]
          %4 = reduce.sum[axes=(0,1)] %3          : f64
          %5 = reduce.max[axes=1] %3              : f64[3]
          return s=%1, t=%4, m=%5
        }
        """, "mul_reduce_sum_div_reduce_max", "reduce_sum");
  }

  @Test
  void aMeanOfSquaresIsOneKernelOfBlocks() {
    becomes("""
        graph f(x: input f64[b,700], y: input f64[b,700]) {
          %0 = sub x, y                           : f64[b,700]
          %1 = mul %0, %0                         : f64[b,700]
          %2 = reduce.sum[axes=(0,1)] %1          : f64
          %3 = size[dim=700*b]                    : i64
          %4 = cast[to=f64] %3                    : f64
          %5 = div %2, %4                         : f64
          return loss=%5
        }
        """, "sub_mul_reduce_sum_div");
  }

  @Test
  void aSumOverTheFirstAxisGoesByRows() {
    becomes("""
        graph f(x: input f64[b,9], y: param f64[9]) {
          %0 = reduce.sum[axes=0] x               : f64[9]
          %1 = sub %0, y                          : f64[9]
          return y=%1
        }
        """, "reduce_sum_sub");
  }

  @Test
  void anInputGradientCopiesTheTransposedWeightOnce() {
    becomes("""
        graph f(g: input f64[b,9], h: input f64[b,9], w: param f64[12,9]) {
          %0 = contract[bn,kn->bk] g, w           : f64[b,12]
          %1 = contract[bn,kn->bk] h, w           : f64[b,12]
          %2 = add %0, %1                         : f64[b,12]
          return y=%2
        }
        """, "transpose", "contract", "contract_add");
  }

  @Test
  void weightGradientsAreSummedInChunksOfTheBatch() {
    becomes("""
        graph f(x: input f64[b,13], g: input f64[b,9], v: input f64[300,13], h: input f64[300,9]) {
          %0 = contract[bm,bn->mn] x, g           : f64[13,9]
          %1 = contract[bm,bn->mn] v, h           : f64[13,9]
          return a=%0, b=%1
        }
        """, "contract", "contract");
  }

  @Test
  void batchedContractionsAndSeveralSummedLabels() {
    becomes("""
        graph f(x: input f64[b,3,7,5], y: input f64[b,7,5,8]) {
          %0 = contract[bmij,bijn->bmn] x, y      : f64[b,3,8]
          %1 = contract[bmij,bijn->bnm] x, y      : f64[b,8,3]
          return a=%0, b=%1
        }
        """, "contract", "contract");
  }

  @Test
  void aReshapeInBetweenIsReadOnlyFromMemory() {
    becomes("""
        graph f(x: input f64[b,6]) {
          %0 = tanh x                             : f64[b,6]
          %1 = reshape[to=6*b] %0                 : f64[6*b]
          %2 = mul %1, %1                         : f64[6*b]
          %3 = reshape[to=(b,6)] %2               : f64[b,6]
          %4 = add %3, %0                         : f64[b,6]
          return y=%4
        }
        """, "tanh", "mul", "add");
  }

  @Test
  void scalarsOfSizesAreComputedWhereTheyAreRead() {
    becomes("""
        graph f(x: input f64[b,6]) {
          %0 = size[dim=b]                        : i64
          %1 = cast[to=f64] %0                    : f64
          %2 = constant[value=1.0]                : f64
          %3 = div %2, %1                         : f64
          %4 = broadcast[dims=(), to=(b,6)] %3    : f64[b,6]
          %5 = mul x, %4                          : f64[b,6]
          %6 = iota[axis=1]                       : f64[b,6]
          %7 = add %5, %6                         : f64[b,6]
          return y=%7
        }
        """, "mul_add");
  }

  // ---- updates

  @Test
  void swappedStatesAreReadBeforeEitherIsWritten() {
    becomes("""
        graph f(u: state f64[4], v: state f64[4]) {
          update u = v
          update v = u
          return s=u
        }
        """, "copy", "copy", "copy", "copy", "copy");
  }

  @Test
  void anUpdateThatALaterOneReadsIsNotInPlace() {
    becomes("""
        graph f(w: state f64[9], m: state f64[9], a: param f64[9,9], b: input f64[b]) {
          %0 = contract[ij,i->j] a, w             : f64[9]
          %1 = add m, w                           : f64[9]
          %2 = mul w, w                           : f64[9]
          update w = %0
          update m = %2
          return s=%1, t=b
        }
        """, "add", "copy", "contract", "mul", "copy");
  }

  @Test
  void guardedUpdatesHappenTogetherOrNotAtAll() {
    becomes("""
        graph f(x: input f64[b,3], ok: input bool, w: state f64[3], n: state i64) {
          %0 = reduce.sum[axes=0] x               : f64[3]
          %1 = sub w, %0                          : f64[3]
          %2 = constant[value=1]                  : i64
          %3 = add n, %2                          : i64
          guard ok
          update w = %1
          update n = %3
          return s=%0, n0=n
        }
        """, "reduce_sum", "copy", "when[add, sub][]");
  }

  @Test
  void theUpdateOfAllParametersIsOneLoop() {
    becomes("""
        graph f(x: input f64[b,9], g: input f64[b,11], w: state f64[9,11], c: state f64[11],
            mw: state f64[9,11] as m of w, mc: state f64[11] as m of c) {
          %0 = contract[bm,bn->mn] x, g           : f64[9,11]
          %1 = reduce.sum[axes=0] g               : f64[11]
          %2 = is_finite %0                       : bool[9,11]
          %3 = reduce.all[axes=(0,1)] %2          : bool
          %4 = is_finite %1                       : bool[11]
          %5 = reduce.all[axes=0] %4              : bool
          %6 = and %3, %5                         : bool
          %7 = constant[value=0.9]                : f64
          %8 = broadcast[dims=(), to=(9,11)] %7   : f64[9,11]
          %9 = mul mw, %8                         : f64[9,11]
          %10 = add %9, %0                        : f64[9,11]
          %11 = sub w, %10                        : f64[9,11]
          %12 = broadcast[dims=(), to=11] %7      : f64[11]
          %13 = mul mc, %12                       : f64[11]
          %14 = add %13, %1                       : f64[11]
          %15 = sub c, %14                        : f64[11]
          guard %6
          update w = %11
          update mw = %10
          update c = %15
          update mc = %14
          return ok=%6
        }
        """, "contract", "reduce_all", "reduce_sum", "reduce_all_and", "when[mul_add_sub][]");
  }

  @Test
  void whatMayThrowRunsBeforeAnyUpdate() {
    Graph graph = GraphParser.parseOne("""
        graph f(d: input i64, w: state f64[3], n: state i64) {
          %0 = mul w, w                           : f64[3]
          %1 = div n, d                           : i64
          update w = %0
          update n = %1
          return s=d
        }
        """);
    Map<String, TensorValue> inputs = inputs(graph, Map.of());
    inputs.put("d", TensorValue.scalar(DType.I64, 0));
    for (PlanOptions options : List.of(PlanOptions.STANDARD, PlanOptions.plain())) {
      Plan plan = Planner.plan(graph, options);
      int division = names(plan.steps()).indexOf("div");
      int update = names(plan.steps()).indexOf("mul");
      assertTrue(division >= 0 && division < update, () -> PlanPrinter.print(plan));
    }
  }

  // ---- control

  @Test
  void loopsRepeatTheStepsOfTheirBody() {
    becomes("""
        graph body(c: input f64[3], x: input f64[3], k: input f64[3]) {
          %0 = mul c, k                           : f64[3]
          %1 = add %0, x                          : f64[3]
          %2 = mul %1, x                          : f64[3]
          return c=%1, y=%2
        }

        graph f(x: input f64[b,3], c: input f64[3], k: param f64[3]) {
          %0 = loop[@body, count=b, carried=1, sliced=1] c, x, k : (f64[3], f64[b,3])
          %1 = item[index=0] %0                   : f64[3]
          %2 = item[index=1] %0                   : f64[b,3]
          return last=%1, all=%2
        }
        """, "copy", "repeat[mul_add_mul, copy]", "copy", "copy");
  }
}
