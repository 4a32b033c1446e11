package io.kotangent.assertions;

import static io.kotangent.assertions.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.ir.Graph;
import io.kotangent.text.GraphParser;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Passes, rules and parts of the planner are taken away, one at a time, and each time an assertion such as a user would write fails.
class SeededFaultsTest {
  /// @param taken the pass, rule or plan pass that is missing
  /// @param holds what holds as long as it is not
  private record Fault(String taken, Graph graph, BiConsumer<Graph, CompileOptions> holds) {
  }

  private static Graph graph(String ports, String... lines) {
    return GraphParser.parseOne("graph g(" + ports + ") {\n  " + String.join("\n  ", lines)
        + "\n}\n");
  }

  private static final Graph CHAIN = graph("x: input f32[n,8]", "%0 = exp x : f32[n,8]",
      "%1 = sin %0 : f32[n,8]", "%2 = mul %1, x : f32[n,8]", "return y=%2");
  private static final Graph LOGISTIC = graph("x: input f32[n]", "%1 = constant[value=1] : f32",
      "%2 = broadcast[dims=(), to=n] %1 : f32[n]", "%3 = exp x : f32[n]",
      "%4 = add %2, %3 : f32[n]",
      "%5 = log %4 : f32[n]", "return y=%5");
  private static final Graph SOFTMAX = graph("x: input f32[n,10]", "%0 = exp x : f32[n,10]",
      "%1 = reduce.sum[axes=1] %0 : f32[n]", "%2 = broadcast[dims=0, to=(n,10)] %1 : f32[n,10]",
      "%3 = div %0, %2 : f32[n,10]", "return y=%3");
  private static final Graph DENSE =
      graph("x: input f32[n,64], w: param f32[64,32], b: param f32[32]",
          "%0 = contract[ab,bc->ac] x, w : f32[n,32]",
          "%1 = broadcast[dims=1, to=(n,32)] b : f32[n,32]",
          "%2 = add %0, %1 : f32[n,32]", "%3 = relu %2 : f32[n,32]", "return y=%3");
  private static final Graph TURNED = graph("x: input f32[4,6], w: param f32[8,6]",
      "%0 = transpose[permutation=(1,0)] w : f32[6,8]", "%1 = contract[ab,bc->ac] x, %0 : f32[4,8]",
      "return y=%1");
  private static final Graph LONG = graph("x: input f32[n]", "%0 = exp x : f32[n]",
      "%1 = reverse[axes=0] %0 : f32[n]", "%2 = sin %1 : f32[n]",
      "%3 = reverse[axes=0] %2 : f32[n]",
      "%4 = exp %3 : f32[n]", "%5 = reverse[axes=0] %4 : f32[n]", "return y=%5");

  private static final Map<String, Long> MILLION = Map.of("n", 1_000_000L);

  private static final List<Fault> FAULTS = List.of(
      new Fault("subtract-max-in-softmax", SOFTMAX,
          (g, o) -> assertThat(g).optimized(o).fits("reduce.max\nnext: {{.*}}\nsub")),
      new Fault("stabilize", LOGISTIC, (g, o) -> assertThat(g).optimized(o).hasNo("log(1+exp(a))")),
      new Fault("one-minus-exp", graph("x: input f32", "%0 = constant[value=1] : f32",
          "%1 = exp x : f32", "%2 = sub %0, %1 : f32", "return y=%2"),
          (g, o) -> assertThat(g).optimized(o).has("expm1(a)")),
      new Fault("exp-minus-one", graph("x: input f32", "%0 = constant[value=1] : f32",
          "%1 = exp x : f32", "%2 = sub %1, %0 : f32", "return y=%2"),
          (g, o) -> assertThat(g).optimized(o).has("expm1(a)")),
      new Fault("sqrt-of-square", graph("x: input f32[n]", "%0 = mul x, x : f32[n]",
          "%1 = sqrt %0 : f32[n]", "return y=%1"),
          (g, o) -> assertThat(g).optimized(o).has("abs(a)")),
      new Fault("abs-abs", graph("x: input f32[n]", "%0 = abs x : f32[n]", "%1 = abs %0 : f32[n]",
          "return y=%1"), (g, o) -> assertThat(g).optimized(o).hasNodes(1, "abs")),
      new Fault("relu-relu", graph("x: input f32[n]", "%0 = relu x : f32[n]",
          "%1 = relu %0 : f32[n]", "return y=%1"),
          (g, o) -> assertThat(g).optimized(o).hasNodes(1, "relu")),
      new Fault("floor-floor", graph("x: input f32[n]", "%0 = floor x : f32[n]",
          "%1 = floor %0 : f32[n]", "return y=%1"),
          (g, o) -> assertThat(g).optimized(o).hasNodes(1, "floor")),
      new Fault("max-max", graph("x: input f32, z: input f32", "%0 = max x, z : f32",
          "%1 = max %0, z : f32", "return y=%1"),
          (g, o) -> assertThat(g).optimized(o).hasNodes(1, "max")),
      new Fault("select-not", graph("p: input bool[n], x: input f32[n], z: input f32[n]",
          "%0 = not p : bool[n]", "%1 = select %0, x, z : f32[n]", "return y=%1"),
          (g, o) -> assertThat(g).optimized(o).hasNoNode("not")),
      new Fault("pow-two", graph("x: input f32", "%0 = constant[value=2] : f32",
          "%1 = pow x, %0 : f32", "return y=%1"),
          (g, o) -> assertThat(g).optimized(o).hasNoNode("pow")),
      new Fault("xor-self", graph("p: input bool[n]", "%0 = xor p, p : bool[n]", "return y=%0"),
          (g, o) -> assertThat(g).optimized(o).hasNoNode("xor")),
      new Fault("fold-constants", graph("x: input f32", "%0 = constant[value=2] : f32",
          "%1 = constant[value=3] : f32", "%2 = mul %0, %1 : f32", "%3 = add x, %2 : f32",
          "return y=%3"), (g, o) -> assertThat(g).optimized(o).hasNoNode("mul")),
      new Fault("divide-by-power-of-two", graph("x: input f32", "%0 = constant[value=8] : f32",
          "%1 = div x, %0 : f32", "return y=%1"),
          (g, o) -> assertThat(g).optimized(o).hasNoNode("div")),
      new Fault("transpose-into-contract", TURNED,
          (g, o) -> assertThat(g).optimized(o).fits("contract[ab,cb->ac]")),
      new Fault("drop-stop-gradients", graph("x: input f32[n]", "%0 = stop_gradient x : f32[n]",
          "%1 = exp %0 : f32[n]", "return y=%1"),
          (g, o) -> assertThat(g).optimized(o).hasNoNode("stop_gradient")),
      new Fault("FuseElementwise", CHAIN, (g, o) -> assertThat(g).compiled(o).hasAtMostKernels(1)),
      new Fault("FuseReductions", SOFTMAX,
          (g, o) -> assertThat(g).compiled(o).hasAtMostSteps(1)),
      new Fault("FuseEpilogue", DENSE, (g, o) -> assertThat(g).compiled(o).hasAtMostKernels(1)),
      new Fault("RowContractions", DENSE,
          (g, o) -> assertThat(g).compiled(o).plan().fits("contract_add_relu")),
      new Fault("ShareBuffers", LONG,
          (g, o) -> assertThat(g).compiled(o).needsWorkspaceOfAtMost(8_200_000, MILLION)),
      new Fault("ShareWork", DENSE,
          (g, o) -> assertThat(g).compiled(o).plan().fits("part(")));

  @TestFactory
  Stream<DynamicTest> eachIsCaughtByAnAssertion() {
    return FAULTS.stream().map(fault -> DynamicTest.dynamicTest(fault.taken, () -> {
      CompileOptions whole = CompileOptions.standard();
      fault.holds.accept(fault.graph, whole);
      assertThrows(AssertionError.class,
          () -> fault.holds.accept(fault.graph, whole.without(fault.taken)));
    }));
  }
}
