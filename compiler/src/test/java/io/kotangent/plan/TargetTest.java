package io.kotangent.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.Graph;
import io.kotangent.loop.KernelPrinter;
import io.kotangent.plan.lower.Planner;
import io.kotangent.text.GraphParser;
import io.kotangent.type.KotangentException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a target changes, and that it changes no bit.
@Tag("fast")
class TargetTest {
  private static final Graph GRAPH = GraphParser.parse("""
      graph layer(x: input f32[b,300], w: param f32[300,24], v: param f32[24]) {
        %0 = contract[bk,kn->bn] x, w            : f32[b,24]
        %1 = broadcast[dims=1, to=(b,24)] v      : f32[b,24]
        %2 = add %0, %1                          : f32[b,24]
        %3 = relu %2                             : f32[b,24]
        return y=%3
      }
      """).getFirst();

  private static PlanOptions rows(int tile) {
    return PlanOptions.STANDARD.withTarget(Target.PLAIN.withRowTile(tile));
  }

  @ParameterizedTest @ValueSource(ints = {1, 2, 8, 16})
  void rowsOfATileChangeTheLoopsAndNoBit(int tile) {
    Plan usual = Planner.plan(GRAPH, PlanOptions.STANDARD);
    Plan other = Planner.plan(GRAPH, rows(tile));
    assertNotEquals(PlanLaw.listing(usual), PlanLaw.listing(other));
    for (int size : new int[] {0, 1, 5, 17}) {
      Map<String, Long> symbols = Map.of("b", (long) size);
      var inputs = PlanLaw.inputs(GRAPH, symbols);
      assertEquals(PlanRun.interpreted(usual, GRAPH, inputs, symbols),
          PlanRun.interpreted(other, GRAPH, inputs, symbols));
    }
  }

  /// The JIT of JDK 17 makes vectors only of such.
  @Test
  void singleRowsLieWholeVectorsApart() {
    String single = kernels(Planner.plan(GRAPH, rows(1).everywhere()));
    assertTrue(single.contains("scratch float[" + 4 * 32 + "]"), single);
    String usual = kernels(Planner.plan(GRAPH, rows(4).everywhere()));
    assertTrue(usual.contains("scratch float[" + 4 * 24 + "]"), usual);
  }

  private static String kernels(Plan plan) {
    StringBuilder text = new StringBuilder();
    for (Step step : plan.steps()) {
      if (step instanceof Step.Run run) {
        text.append(KernelPrinter.print(run.kernel()));
      }
    }
    return text.toString();
  }

  @Test
  void withoutVectorsNothingIsChosen() {
    Plan plan = Planner.plan(GRAPH, PlanOptions.STANDARD.withTarget(Target.PLAIN).everywhere());
    assertTrue(plan.steps().stream().allMatch(Step.Run.class::isInstance));
  }

  @ParameterizedTest @CsvSource({"60, 0, 4", "61, -1, 4", "61, 100, 4", "61, 0, 0", "61, 0, 3",
      "61, 0, 32"})
  void whatCannotBeIsRefused(int version, int bits, int tile) {
    String message = assertThrows(KotangentException.class,
        () -> new Target(version, bits, tile, true, true)).getMessage();
    assertTrue(message.contains("expected version 61 or later"), message);
  }
}
