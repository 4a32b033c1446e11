package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.eval.EvaluationException;
import io.kotangent.eval.Interpreter;
import io.kotangent.eval.TensorValue;
import io.kotangent.ir.Graph;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Workspace;
import io.kotangent.text.GraphParser;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What fails in the middle of a step names what the user wrote, and leaves the state as it was.
class FailingStepTest {
  /// The update of `w` could be made in place before anything is divided.
  private static final Graph DIVIDING = GraphParser.parseOne("""
      graph dividing(w: state f32[3], n: state i32[2], x: input f32[3], d: input i32[2]) {
        %0 = add w, x : f32[3] ; Model.java:40
        %1 = div n, d : i32[2] ; layer Model.java:42
        %2 = add n, %1 : i32[2] ; Model.java:43
        %3 = reduce.sum[axes=0] %1 : i32 ; Model.java:44
        update w = %0
        update n = %2
        return total=%3
      }
      """);
  private static final Graph LOOKING = GraphParser.parseOne("""
      graph looking(w: state f32[3], x: input f32[3], i: input i32[2]) {
        %0 = add w, x : f32[3] ; Model.java:40
        %1 = gather[axis=0] x, i : f32[2] ; Model.java:42
        update w = %0
        return picked=%1
      }
      """);

  private static List<Program> programs(Graph graph) {
    CompileOptions options = CompileOptions.standard();
    Plan plan = Compiler.plan(graph, options);
    return List.of(Compiler.compile(graph, options),
        Compiler.compile(graph, options.without("FuseElementwise")),
        Program.of(plan.signature(), new PlanInterpreter(plan)));
  }

  @Test
  void anIntegerDivisionByZero() {
    for (Program program : programs(DIVIDING)) {
      ModelState state =
          program.newState().set("w", new float[] {1, 2, 3}).set("n", new int[] {8, 9});
      Workspace run = program.newWorkspace().feed("x", 1f, 1f, 1f);
      String before = state.sha256();
      KotangentException zero =
          assertThrows(KotangentException.class, () -> program.run(run.feed("d", 2, 0), state));
      assertTrue(zero.getMessage().startsWith("dividing: integer division by zero in step '"),
          zero.getMessage());
      assertTrue(zero.getMessage().contains("Model.java:42"), zero.getMessage());
      assertEquals(before, state.sha256());
      program.run(run.feed("d", 2, 3), state);
      assertArrayEquals(new float[] {2, 3, 4}, state.floats("w"));
      assertArrayEquals(new int[] {12, 12}, state.ints("n"));
      assertEquals(7, run.ints("total")[0]);
    }
    Map<String, TensorValue> inputs = new LinkedHashMap<>();
    inputs.put("w", TensorValue.of(DType.F32, new int[] {3}, new float[3]));
    inputs.put("x", TensorValue.of(DType.F32, new int[] {3}, new float[3]));
    inputs.put("n", TensorValue.of(DType.I32, new int[] {2}, new int[2]));
    inputs.put("d", TensorValue.of(DType.I32, new int[] {2}, new int[] {1, 0}));
    EvaluationException zero =
        assertThrows(EvaluationException.class, () -> Interpreter.run(DIVIDING, inputs));
    assertEquals(
        "div: integer division by zero; guard the divisor, with a select for example at layer Model.java:42",
        zero.getMessage());
  }

  @Test
  void anIndexOutOfRange() {
    for (Program program : programs(LOOKING)) {
      ModelState state = program.newState().set("w", new float[] {1, 2, 3});
      Workspace run = program.newWorkspace().feed("x", 1f, 1f, 5f);
      String before = state.sha256();
      KotangentException range =
          assertThrows(KotangentException.class, () -> program.run(run.feed("i", 2, 3), state));
      assertTrue(range.getMessage().contains("Model.java:42"), range.getMessage());
      assertEquals(before, state.sha256());
      program.run(run.feed("i", 2, 0), state);
      assertArrayEquals(new float[] {5, 1}, run.floats("picked"));
      assertArrayEquals(new float[] {2, 3, 8}, state.floats("w"));
    }
  }
}
