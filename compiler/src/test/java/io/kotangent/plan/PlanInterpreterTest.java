package io.kotangent.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.type.KotangentException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class PlanInterpreterTest {
  @Test
  void printsOneLineAStep() {
    Plan plan = Plans.rows();
    String listing = PlanPrinter.print(plan).replaceAll("kernel_[0-9a-f]{12}", "kernel_ID");
    assertEquals("""
        program rows(rows) {
          input f32[4*rows] x;
          input f32[4*rows] y;
          input bool[1] flag;
          result f32[4*rows] a_b_c;
          for (int t = rows - 1; t >= 0; t--) {
            if (flag[0]) {
              mul_add_max: kernel_ID(x + 4*t, y + 4*t, a_b_c + 4*t, 4);
            } else {
              mul_add_max: kernel_ID(y + 4*t, y + 4*t, a_b_c + 4*t, 4);
            }
          }
          return flag[0];
        }
        // bytes: data 48*rows+1, state 0, workspace 0, scratch of each thread 0
        """, listing);
    assertEquals(listing.lines().count(),
        PlanPrinter.firstLine(plan) + PlanPrinter.lines(plan.steps()) + 2);
  }

  @Test
  void runsLoopsBranchesAndTheGuard() {
    PlanInterpreter code = new PlanInterpreter(Plans.rows());
    float[] x = {1, 2, 3, 4, -5, -6, 7, 8};
    float[] y = {1, 1, 1, 1, 2, 2, 2, -20};
    float[] result = new float[8];
    assertTrue(code.run(new Object[] {x, y, new boolean[] {true}, result}, new int[] {2}));
    assertArrayEquals(new float[] {3, 5, 7, 9, 0, 0, 16, 0}, result);
    assertFalse(code.run(new Object[] {x, y, new boolean[] {false}, result}, new int[] {2}));
    assertArrayEquals(new float[] {3, 3, 3, 3, 6, 6, 6, 0}, result);
  }

  @Test
  void namesTheStepThatDividedByZero() {
    PlanInterpreter code = new PlanInterpreter(Plans.quotient());
    int[] result = new int[2];
    code.run(new Object[] {new int[] {7, -7}, new int[] {2, 2}, result}, new int[] {2});
    assertArrayEquals(new int[] {3, -3}, result);
    KotangentException e = assertThrows(KotangentException.class,
        () -> code.run(new Object[] {new int[] {7, 7}, new int[] {2, 0}, result}, new int[] {2}));
    assertEquals(
        "quotient: integer division by zero in step 'div' (quotient.ir:5): every divisor must be nonzero, also "
            + "where a select discards the quotient; guard the divisor",
        e.getMessage());
  }

  @Test
  void namesAreHarmless() {
    assertEquals("_7a_b_c_", PlanNames.harmless("7a/b;c[", "v"));
    assertEquals("v", PlanNames.harmless("", "v"));
    assertEquals(40, PlanNames.harmless("x".repeat(70_000), "v").length());
  }
}
