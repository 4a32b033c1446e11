package io.kotangent.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.dsl.Training;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.pass.Dump;
import io.kotangent.pass.LaneEvaluator;
import io.kotangent.pass.Pipeline;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.Step;
import io.kotangent.plan.lower.PlanEvaluator;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.runtime.StateLayout;
import io.kotangent.text.GraphParser;
import io.kotangent.text.GraphPrinter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What the training step of the digits is compiled to.
class MnistPlanTest {
  private static final Training TRAINING = Mnist.network().training();
  private static final CompileOptions OPTIONS =
      CompileOptions.standard().with(StateLayout.of(TRAINING.state()));
  private static final Plan PLAN = Compiler.plan(TRAINING.stepGraph(), OPTIONS);
  private static final List<Step.Run> RUNS = runs(PLAN.steps());

  private static List<Step.Run> runs(List<Step> steps) {
    List<Step.Run> runs = new ArrayList<>();
    for (Step step : steps) {
      switch (step) {
        case Step.Run run -> runs.add(run);
        case Step.Barrier _ -> {
          // runs nothing
        }
        case Step.Repeat repeat -> runs.addAll(runs(repeat.body()));
        case Step.When when -> {
          runs.addAll(runs(when.then()));
          runs.addAll(runs(when.otherwise()));
        }
      }
    }
    return runs;
  }

  @Test
  void isTheKeptPlan() {
    Golden.matches("mnist-step.plan", withoutLines(PlanPrinter.print(PLAN)));
  }

  /// A plan names source lines; a moved line is no other plan.
  private static String withoutLines(String plan) {
    return plan.lines().map(line -> line.replaceFirst(" // .*", "") + "\n")
        .collect(Collectors.joining());
  }

  @Test
  void hasAtMostTwentySteps() {
    assertTrue(RUNS.size() <= 20, () -> RUNS.size() + " steps\n" + PlanPrinter.print(PLAN));
  }

  @Test
  void writesNoBroadcastToMemory() {
    for (Step.Run run : RUNS) {
      assertTrue(run.nodes().stream().anyMatch(n -> !repeats(n.op())),
          () -> run.name() + " only repeats values\n" + PlanPrinter.print(PLAN));
    }
  }

  private static boolean repeats(Op op) {
    return op instanceof Op.Broadcast || op instanceof Op.Reshape
        || op instanceof Op.Constant || op instanceof Op.Iota;
  }

  /// From the scores to their gradient: maximum, exponentials, sum, loss of the label, softmax minus label.
  @Test
  void computesSoftmaxCrossEntropyForwardAndBackInTwoKernels() {
    List<String> kernels = RUNS.stream()
        .filter(run -> run.nodes().stream().anyMatch(MnistPlanTest::belongsToSoftmax))
        .map(Step.Run::name).toList();
    assertTrue(!kernels.isEmpty() && kernels.size() <= 2, kernels::toString);
  }

  private static boolean belongsToSoftmax(Node node) {
    return node.op() instanceof Op.Map(var fn) && (fn == ScalarFn.EXP || fn == ScalarFn.LOG)
        || node.op() instanceof Op.Gather || node.op() instanceof Op.Scatter
        || node.op() instanceof Op.Reduce reduce && reduce.kind() == Op.Reduction.MAX;
  }

  @Test
  void updatesAllParametersInTwoKernels() {
    List<String> kernels = RUNS.stream().filter(MnistPlanTest::writesState).map(Step.Run::name)
        .toList();
    assertTrue(!kernels.isEmpty() && kernels.size() <= 2, kernels::toString);
  }

  private static boolean writesState(Step.Run run) {
    for (int i = 0; i < run.arguments().size(); i++) {
      boolean state = run.arguments().get(i).buffer().slot().kind() == ArraySlot.Kind.STATE;
      if (state && switch (run.kernel().arrays().get(i).access()) {
        case WRITE, UPDATE -> true;
        case READ, SCRATCH, ALIGNED -> false;
      }) {
        return true;
      }
    }
    return false;
  }

  @Test
  void hasNothingLeftToFold() {
    var passes = Pipeline.standard(new LaneEvaluator().or(new PlanEvaluator()));
    Graph three = GraphParser.parseOne("""
        graph three(x: input f32) {
          %0 = constant[value=1.0] : f32
          %1 = constant[value=2.0] : f32
          %2 = add %0, %1 : f32
          %3 = mul x, %2 : f32
          return y=%3
        }
        """);
    assertEquals(1, folded(passes, three));
    Graph optimized = Compiler.optimize(TRAINING.stepGraph(), OPTIONS);
    assertEquals(0, folded(passes, optimized), () -> GraphPrinter.print(optimized));
  }

  private static int folded(Pipeline passes, Graph graph) {
    return passes.run(graph, Dump.none()).hits("fold-constants");
  }
}
