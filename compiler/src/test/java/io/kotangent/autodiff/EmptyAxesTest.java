package io.kotangent.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.autodiff.Subject.Case;
import io.kotangent.bytecode.Compiler;
import io.kotangent.eval.Evaluation;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanRun;
import io.kotangent.plan.lower.Planner;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every operation that can be applied along an axis of size 0 can be differentiated there: both derivatives obey the
/// laws, and plans, plain and otherwise, and compiled code compute them.
class EmptyAxesTest {
  static List<Case> cases() {
    return EmptyCases.all();
  }

  @ParameterizedTest @MethodSource("cases")
  void derivativesObeyTheLaws(Case subject) {
    Laws.holdExactly(subject, 3);
  }

  @ParameterizedTest @MethodSource("cases")
  void plansAndCompiledCodeComputeThem(Case subjectCase) {
    Subject subject = new Subject(4);
    List<Node> results = subjectCase.body().apply(subject);
    Map<String, TensorValue> fed = new LinkedHashMap<>(subject.values);
    Graph graph = withGradients(subject, results, fed);
    Evaluation meant = Interpreter.run(graph, fed, subject.symbols);
    for (PlanOptions options : List.of(PlanOptions.STANDARD, PlanOptions.plain(),
        PlanOptions.STANDARD.withVectors(128).everywhere(),
        PlanOptions.STANDARD.withAligned().everywhere())) {
      PlanRun run =
          PlanRun.interpreted(Planner.plan(graph, options), graph, fed, subject.symbols);
      run.arrays().forEach((name, got) -> assertNear(meant.result(name), got, name, graph));
    }
    Program program = Compiler.compile(graph);
    Workspace workspace = program.newWorkspace();
    program.signature().symbols().forEach(symbol -> workspace.size(symbol, 0));
    for (Port port : program.signature().inputs()) {
      workspace.feedArray(port.name(), fed.get(port.name()).toArray());
    }
    program.run(workspace, program.newState());
    for (Graph.Result result : graph.results()) {
      TensorValue expected = meant.result(result.name());
      assertNear(expected,
          TensorValue.f64(expected.dims(), workspace.doubles(result.name())), result.name(), graph);
    }
  }

  /// The results, and the cotangents of all inputs for random ones of the results.
  private static Graph withGradients(Subject subject, List<Node> results,
      Map<String, TensorValue> fed) {
    List<Node> inputs = new ArrayList<>(subject.inputs);
    List<Optional<Node>> seeds = new ArrayList<>();
    List<Graph.Result> all = new ArrayList<>();
    for (Node result : results) {
      String name = "u" + seeds.size();
      Node seed = subject.b.input(new Port(name, Role.INPUT, result.type()));
      fed.put(name, subject.sample(result.shape().evaluate(subject.symbols), -1, 1));
      seeds.add(Optional.of(seed));
      inputs.add(seed);
      all.add(new Graph.Result("r" + all.size(), result));
    }
    for (Optional<Node> g : Gradient.vjp(subject.b, results, seeds, subject.inputs)) {
      g.ifPresent(node -> all.add(new Graph.Result("g" + all.size(), node)));
    }
    return subject.b.graph("empty", inputs, all);
  }

  private static void assertNear(TensorValue expected, TensorValue got, String name, Graph graph) {
    assertArrayEquals(expected.dims(), got.dims(), name);
    for (int i = 0; i < got.size(); i++) {
      assertEquals(expected.real(i), got.real(i), 1e-12,
          () -> name + "\n" + GraphPrinter.print(graph));
    }
  }
}
