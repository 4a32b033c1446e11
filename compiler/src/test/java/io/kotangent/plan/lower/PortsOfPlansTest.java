package io.kotangent.plan.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanRun;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import io.kotangent.type.ShapeException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a program asks for and answers besides its results: sizes, and whether updates were committed.
@Tag("fast")
class PortsOfPlansTest {
  /// Passes may leave nothing of a size but what was assumed of it: it can still be set, and is still checked.
  @Test
  void aSizeThatOnlyARequirementNamesIsOneOfTheProgram() {
    Graph graph = GraphParser.parseOne("""
        graph g(x: input f64[b]) {
          require b >= k
          %0 = neg x : f64[b]
          return y=%0
        }
        """);
    Plan plan = Planner.plan(graph, PlanOptions.STANDARD);
    Program program = Program.of(plan.signature(), new PlanInterpreter(plan));
    Workspace workspace = program.newWorkspace().feed("x", new double[] {1, 2});
    assertTrue(program.run(workspace.size("k", 2)));
    assertThrows(ShapeException.class, () -> program.run(workspace.size("k", 3)));
  }

  /// Whether updates were committed is what the guard was, also if it is a state that is updated with them.
  @Test
  void aGuardThatIsUpdatedIsReadBefore() {
    Graph graph = GraphParser.parseOne("""
        graph g(c: input bool, x: input f32, s: state bool, w: state f32) {
          %0 = add w, x : f32
          guard s
          update s = c
          update w = %0
          return r=x
        }
        """);
    for (PlanOptions options : List.of(PlanOptions.STANDARD, PlanOptions.plain())) {
      Plan plan = Planner.plan(graph, options);
      for (int flags = 0; flags < 4; flags++) {
        boolean was = flags % 2 == 1;
        boolean next = flags / 2 == 1;
        Map<String, TensorValue> inputs = Map.of("c", flag(next), "s", flag(was), "x",
            TensorValue.of(DType.F32, new int[0], new float[] {1}), "w",
            TensorValue.of(DType.F32, new int[0], new float[] {5}));
        PlanRun run = PlanRun.interpreted(plan, graph, inputs, Map.of());
        assertEquals(was, run.committed());
        assertEquals(was ? 6 : 5, run.arrays().get("w").real(0));
        assertEquals(was ? next : was, run.arrays().get("s").integer(0) != 0);
      }
    }
  }

  private static TensorValue flag(boolean value) {
    return TensorValue.of(DType.BOOL, new int[0], new boolean[] {value});
  }
}
