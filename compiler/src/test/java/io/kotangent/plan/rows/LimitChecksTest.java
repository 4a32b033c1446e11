package io.kotangent.plan.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.bytecode.Compiler;
import io.kotangent.ir.Graph;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.plan.PlanLaw;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.lower.Planner;
import io.kotangent.runtime.Program;
import io.kotangent.text.GraphParser;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Checks that many values lie below a power of two are made as those that they are finite, and tell the same.
class LimitChecksTest {
  private static Graph graph(int size, String dtype, double limit) {
    return GraphParser.parseOne("""
        graph f(x: input D[N], y: input D[7], w: state D[N]) {
          %0 = neg x                                 : D[N]
          %1 = abs %0                                : D[N]
          %2 = constant[value=L]                     : D
          %3 = broadcast[dims=(), to=(N)] %2         : D[N]
          %4 = lt %1, %3                             : bool[N]
          %5 = reduce.all[axes=0] %4                 : bool
          %6 = abs y                                 : D[7]
          %7 = broadcast[dims=(), to=(7)] %2         : D[7]
          %8 = lt %6, %7                             : bool[7]
          %9 = reduce.all[axes=0] %8                 : bool
          %10 = and %5, %9                           : bool
          %11 = is_finite y                          : bool[7]
          %12 = reduce.all[axes=0] %11               : bool
          %13 = and %10, %12                         : bool
          %14 = sub w, %0                            : D[N]
          update w = %14
          guard %13
          return z=%0
        }
        """.replace("N]", size + "]").replace("(N)", "(" + size + ")").replace("D[", dtype + "[")
        .replace(": D", ": " + dtype).replace("=L]", "=" + limit + "]"));
  }

  @Test
  void plansKeepTheLaw() {
    PlanLaw.holds(graph(5, "f32", 0x1p3), 1);
    PlanLaw.holds(graph(20_000, "f32", 0x1p50), 1);
    PlanLaw.holds(graph(20_000, "f64", 0x1p-1), 1);
    PlanLaw.holds(graph(20_000, "f64", 1), 1);
  }

  @Test
  void theLimitIsExact() {
    for (int size : List.of(5, 20_000)) {
      for (int exponent : List.of(0, 1, 50, 100, 127)) {
        Graph graph = graph(size, "f32", Math.scalb(1.0, exponent));
        var plan = Planner.plan(graph, PlanOptions.STANDARD);
        float limit = Math.scalb(1f, exponent);
        for (Program program : List.of(Compiler.compile(graph),
            Program.of(plan.signature(), new PlanInterpreter(plan)))) {
          for (float value : new float[] {0, -0f, Float.MIN_VALUE, -1e-42f, Math.nextDown(limit),
              -Math.nextDown(limit), limit, -limit, Math.nextUp(limit), Float.MAX_VALUE,
              Float.NEGATIVE_INFINITY, Float.NaN}) {
            for (boolean first : new boolean[] {true, false}) {
              float[] x = new float[size];
              float[] y = new float[7];
              Arrays.fill(x, 0.5f);
              (first ? x : y)[first ? size - 1 : 3] = value;
              assertEquals(Math.abs(value) < limit,
                  program.run(program.newWorkspace().feed("x", x).feed("y", y),
                      program.newState()),
                  value + " below " + limit);
            }
          }
        }
      }
    }
  }
}
