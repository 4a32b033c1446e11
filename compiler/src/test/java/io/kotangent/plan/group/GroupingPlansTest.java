package io.kotangent.plan.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanLaw;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPass;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.Step;
import io.kotangent.plan.lower.Planner;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which nodes share a kernel, and how many may.
@Tag("fast")
class GroupingPlansTest {
  /// Without barriers among the steps.
  private static final PlanOptions BY_ONE =
      new PlanOptions(Optional.empty(), Set.of(PlanPass.SHARE_WORK));

  private static final int[] SIZES = {0, 1, 5};

  // ---- limits: 250 primitives and 60 arrays

  private static Graph chain(GraphBuilder builder, Node x, int length, List<Node> inputs) {
    Node y = x;
    for (int i = 0; i < length; i++) {
      y = builder.map(ScalarFn.NEG, y);
    }
    return builder.graph("chain", inputs, List.of(new Graph.Result("y", y)));
  }

  private static Node input(GraphBuilder builder, String name, TensorType type) {
    return builder.input(new Port(name, Role.INPUT, type, List.of()));
  }

  private static TensorType vector() {
    return TensorType.of(DType.F64, Dim.symbol("b"));
  }

  private static List<Integer> sizes(Graph graph) {
    Plan plan = Planner.plan(graph, BY_ONE);
    return plan.steps().stream().map(s -> ((Step.Run) s).nodes().size()).toList();
  }

  @Test
  void aChainIsCutWhereAKernelIsFull() {
    for (TensorType type : List.of(vector(), TensorType.scalar(DType.F64))) {
      GraphBuilder builder = new GraphBuilder();
      Node x = input(builder, "x", type);
      assertEquals(List.of(250), sizes(chain(builder, x, 250, List.of(x))));
      builder = new GraphBuilder();
      x = input(builder, "x", type);
      int limit = type.isScalar() ? 250 : 251;
      assertEquals(List.of(limit, 1), sizes(chain(builder, x, limit + 1, List.of(x))));
    }
  }

  @Test
  void anEpilogueIsNoLongerThanAKernel() {
    for (int length : new int[] {248, 249}) {
      GraphBuilder builder = new GraphBuilder();
      Node x = input(builder, "x", TensorType.of(DType.F64, Dim.symbol("b"), Dim.of(8)));
      Node w = input(builder, "w", TensorType.of(DType.F64, Dim.of(8), Dim.of(8)));
      Node y = builder.contract("bk,kn->bn", x, w);
      Graph graph = chain(builder, y, length, List.of(x, w));
      assertEquals(length == 248 ? List.of(249) : List.of(1, 249), sizes(graph));
    }
  }

  private static Graph sum(TensorType type, int count) {
    GraphBuilder builder = new GraphBuilder();
    List<Node> inputs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      inputs.add(input(builder, "x" + i, type));
    }
    Node sum = inputs.getFirst();
    for (Node input : inputs.subList(1, count)) {
      sum = builder.map(ScalarFn.ADD, sum, input);
    }
    return builder.graph("sum", inputs, List.of(new Graph.Result("y", sum)));
  }

  @ParameterizedTest @CsvSource({"60,59", "61,60"})
  void aKernelHasAboutSixtyArrays(int rows, int scalars) {
    int kernels = rows == 60 ? 1 : 2;
    for (Graph graph : List.of(sum(vector(), rows), sum(TensorType.scalar(DType.F64), scalars))) {
      assertEquals(kernels, sizes(graph).size());
      PlanLaw.holds(graph, 3);
    }
  }

  @Test
  void everyResultIsAnArrayToo() {
    GraphBuilder builder = new GraphBuilder();
    Node x = input(builder, "x", vector());
    Node y = x;
    List<Graph.Result> results = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      y = builder.map(ScalarFn.SUB, y, x);
      results.add(new Graph.Result("y" + i, y));
    }
    Graph graph = builder.graph("results", List.of(x), results);
    for (Step step : Planner.plan(graph, BY_ONE).steps()) {
      long arrays = ((Step.Run) step).kernel().arrays().stream()
          .filter(array -> !array.access().isScratch()).count();
      assertTrue(arrays <= 61, () -> arrays + " arrays");
    }
    assertEquals(2, Planner.plan(graph, BY_ONE).steps().size());
  }

  @Test
  void soIsEveryReductionOfARow() {
    GraphBuilder builder = new GraphBuilder();
    Node x = input(builder, "x", TensorType.of(DType.F64, Dim.symbol("b"), Dim.of(3)));
    Node y = builder.map(ScalarFn.EXP, x);
    List<Graph.Result> results = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      Node sum = builder.reduce(Op.Reduction.SUM, y, List.of(1));
      results.add(new Graph.Result("s" + i, sum));
      y = builder.map(ScalarFn.MUL, y, y);
    }
    Graph graph = builder.graph("reductions", List.of(x), results);
    Plan plan = Planner.plan(graph, BY_ONE);
    assertTrue(plan.steps().size() == 5, () -> PlanPrinter.print(plan));
  }

  // ---- who joins whom

  @Test
  void aSmallValueThatIsBroadcastLaterHasAKernelOfItsOwn() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,5], a: input f64[b]) {
          %0 = tanh a                             : f64[b]
          %1 = broadcast[dims=0, to=(b,5)] %0     : f64[b,5]
          %2 = mul x, %1                          : f64[b,5]
          %3 = exp a                              : f64[b]
          %4 = broadcast[dims=0, to=(b,5)] %3     : f64[b,5]
          %5 = mul %4, %4                         : f64[b,5]
          %6 = sub %5, %2                         : f64[b,5]
          return y=%6
        }
        """, SIZES, "exp", "tanh", "mul_sub");
  }

  @Test
  void aValueWithSeveralReadersIsComputedOnce() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,5]) {
          %0 = exp x                              : f64[b,5]
          %1 = add %0, x                          : f64[b,5]
          %2 = transpose[permutation=(1,0)] %0    : f64[5,b]
          %3 = mul %1, %0                         : f64[b,5]
          %4 = neg %2                             : f64[5,b]
          return y=%3, z=%4, w=%1
        }
        """, SIZES, "exp_add_mul", "transpose", "neg");
  }

  @Test
  void differentShapesDoNotMix() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,5], z: input f64[5,b]) {
          %0 = exp x                              : f64[b,5]
          %1 = reshape[to=(5,b)] %0               : f64[5,b]
          %2 = add %1, z                          : f64[5,b]
          %3 = reduce.sum[axes=1] %2              : f64[5]
          %4 = neg %3                             : f64[5]
          return y=%2, s=%4
        }
        """, SIZES, "exp", "add_reduce_sum_neg");
  }

  @Test
  void whatFollowsARowSumJoinsIt() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,5], a: input f64[b], c: input f64[5]) {
          %0 = mul x, x                           : f64[b,5]
          %1 = reduce.sum[axes=1] %0              : f64[b]
          %2 = sqrt %1                            : f64[b]
          %3 = add %2, a                          : f64[b]
          %4 = iota[axis=0]                       : f64[b]
          %5 = mul %3, %4                         : f64[b]
          %6 = reduce.max[axes=0] %5              : f64
          %7 = broadcast[dims=(), to=5] %6        : f64[5]
          %8 = mul c, %7                          : f64[5]
          return y=%5, m=%8
        }
        """, SIZES, "mul_reduce_sum_sqrt_add", "reduce_max", "mul");
  }

  @Test
  void sumsOverBothAxesNeedTwoKernels() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,9]) {
          %0 = exp x                              : f64[b,9]
          %1 = reduce.sum[axes=1] %0              : f64[b]
          %2 = reduce.sum[axes=0] %0              : f64[9]
          %3 = neg %2                             : f64[9]
          %4 = broadcast[dims=1, to=(b,9)] %3     : f64[b,9]
          %5 = mul %0, %4                         : f64[b,9]
          %6 = broadcast[dims=0, to=(b,9)] %1     : f64[b,9]
          %7 = mul %5, %6                         : f64[b,9]
          return y=%7
        }
        """, SIZES, "exp_reduce_sum", "reduce_sum_neg", "mul");
  }

  @Test
  void twoContractionsAndWhatJoinsThem() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,8], w: param f64[8,8], v: param f64[8,8]) {
          %0 = contract[bk,kn->bn] x, w           : f64[b,8]
          %1 = relu %0                            : f64[b,8]
          %2 = contract[bk,kn->bn] %1, v          : f64[b,8]
          %3 = add %2, %1                         : f64[b,8]
          %4 = add %3, %0                         : f64[b,8]
          return y=%4
        }
        """, SIZES, "contract_relu", "contract_add");
  }

  @Test
  void rowsWithinRowsAreIndependentOfEachOther() {
    PlanLaw.becomes("""
        graph f(x: input f64[b,5], y: input f64[b,5]) {
          %0 = reduce.sum[axes=1] x               : f64[b]
          %1 = reduce.sum[axes=1] y               : f64[b]
          %2 = sub %0, %1                         : f64[b]
          %3 = broadcast[dims=0, to=(b,5)] %2     : f64[b,5]
          %4 = add %3, x                          : f64[b,5]
          return y=%4
        }
        """, SIZES, "reduce_sum", "reduce_sum_sub_add");
  }
}
