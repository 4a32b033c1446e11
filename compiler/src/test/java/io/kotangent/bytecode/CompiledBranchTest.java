package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Workspace;
import io.kotangent.text.GraphParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A model that goes one way or the other, trained in compiled code.
class CompiledBranchTest {
  private static final Graph LOSS = GraphParser.parse("""
      graph steep(x: input f32[n,3], w: input f32[3], v: input f32[3]) {
        %0 = contract[ax,x->a] x, w : f32[n]
        %1 = tanh %0 : f32[n]
        return y=%1
      }

      graph flat(x: input f32[n,3], w: input f32[3], v: input f32[3]) {
        %0 = mul w, v : f32[3]
        %1 = contract[ax,x->a] x, %0 : f32[n]
        return y=%1
      }

      graph forked(x: input f32[n,3], wanted: input f32[n], which: input bool, w: state f32[3], v: state f32[3]) {
        %0 = branch[@steep, @flat] which, x, w, v : (f32[n])
        %1 = item[index=0] %0 : f32[n]
        %2 = sub %1, wanted : f32[n]
        %3 = mul %2, %2 : f32[n]
        %4 = reduce.sum[axes=0] %3 : f32
        return loss=%4
      }
      """).getLast();

  /// Descent by w and v at the rate 0.05.
  private static Graph step() {
    Graph gradients = Gradient.gradients(LOSS, "loss", List.of("w", "v"));
    GraphBuilder b = new GraphBuilder();
    Map<Node, Node> copies = b.copy(gradients);
    List<Node> inputs = gradients.inputs().stream().map(copies::get).toList();
    List<Graph.Update> updates = new ArrayList<>();
    for (String name : List.of("w", "v")) {
      Node slope = copies.get(gradients.result("dloss_d" + name));
      Node port = copies.get(gradients.input(name));
      Node change = b.map(ScalarFn.MUL, slope, b.fill(slope.type(), 0.05));
      updates.add(new Graph.Update(port, b.map(ScalarFn.SUB, port, change)));
    }
    return b.graph("forked", inputs,
        List.of(new Graph.Result("loss", copies.get(gradients.result("loss")))), updates,
        Optional.empty());
  }

  @Test
  void bothWaysLearnAndHaveTheBitsOfTheirPlan() {
    Graph graph = step();
    Plan plan = Compiler.plan(graph, CompileOptions.standard());
    Program compiled = Compiler.compile(graph);
    Program interpreted = Program.of(plan.signature(), new PlanInterpreter(plan));
    float[] x = {1, 0, 1, 0, 1, 0, 1, 1, 0, 0.5f, -1, 1};
    float[] wanted = {0.5f, -0.5f, 0.1f, 0.9f};
    for (boolean which : new boolean[] {true, false}) {
      ModelState state = start(compiled);
      ModelState meant = start(interpreted);
      double first = 0;
      double last = 0;
      for (int i = 0; i < 40; i++) {
        last = run(compiled, state, x, wanted, which);
        first = i == 0 ? last : first;
        assertEquals(run(interpreted, meant, x, wanted, which), last);
        assertEquals(meant.sha256(), state.sha256());
      }
      assertTrue(last < first / 2, which + ": from " + first + " to " + last);
      float v = state.floats("v")[0];
      if (which) {
        assertEquals(0.75f, v, "nothing flows into the other way");
      } else {
        assertNotEquals(0.75f, v);
      }
    }
  }

  private static ModelState start(Program program) {
    return program.newState().set("w", new float[] {0.5f, -0.25f, 1}).set("v",
        new float[] {0.75f, 1, 1});
  }

  private static double run(Program program, ModelState state, float[] x, float[] wanted,
      boolean which) {
    Workspace run = program.newWorkspace().feed("x", x).feed("wanted", wanted).feed("which", which);
    assertTrue(program.run(run, state));
    return run.scalar("loss");
  }
}
