package io.kotangent.testing;

import static io.kotangent.testing.KotangentAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.assertions.GradientAssert;
import io.kotangent.ir.Graph;
import io.kotangent.text.GraphParser;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/// Assertions of graphs in the words of AssertJ.
class GraphSubjectTest {
  static final Graph LOSS = GraphParser.parseOne("""
      graph loss(x: input f32[n,3], w: param f32[3]) {
        %0 = contract[ab,b->a] x, w    : f32[n]
        %1 = exp %0                    : f32[n]
        %2 = log %1                    : f32[n]
        %3 = reduce.sum[axes=0] %2     : f32
        return loss=%3
      }
      """);

  @Test
  void whatHoldsHolds() {
    assertThat(LOSS).as("the loss").isNotNull().has("log(exp(a))").hasNodes(1, "contract")
        .fits("contract\nnext: exp").isEqualUpToNamesTo(LOSS).compiledEqualsInterpreted()
        .sameBitsFor(List.of(1, 2), List.of(0)).stableFor("x", -1, 1)
        .hasGradient("w", GradientAssert::agreesWithFiniteDifferences)
        .computes(Map.of("n", 8L), work -> work.hasAtMostFlops(1000))
        .compilesTo(program -> program.hasAtMostKernels(4).allocatesNothing());
    assertThat(LOSS).optimized().hasNo("log(exp(a))");
  }

  @Test
  void theSnippetOfTheReadmeHolds() {
    assertThat(LOSS).as("the loss").hasNodes(1, "contract").has("log(exp(a))")
        .hasGradient("w", GradientAssert::agreesWithFiniteDifferences)
        .computes(Map.of("n", 8L), work -> work.hasAtMostFlops(1000))
        .compilesTo(program -> program.hasAtMostKernels(4).allocatesNothing());
  }

  @Test
  void theSnippetOfThePageHolds() {
    Graph step = LOSS;
    assertThat(step).as("the step of digits").hasNodes(1, "contract")
        .compilesTo(program -> program.hasAtMostKernels(12))
        .hasGradient("w", GradientAssert::agreesWithFiniteDifferences);
  }

  @Test
  void failuresHaveTheDescriptionAndTheReason() {
    AssertionError e = assertThrows(AssertionError.class,
        () -> assertThat(LOSS).as("the loss of digits").hasNo("log(exp(a))"));
    assertTrue(e.getMessage().startsWith("[the loss of digits]"), e.getMessage());
    assertTrue(e.getMessage().contains("graph loss has log(exp(a))"), e.getMessage());
    assertTrue(e.getCause() instanceof AssertionError);
    assertThrows(AssertionError.class, () -> assertThat(LOSS).has("tanh(a)"));
  }

  @Test
  void softAssertionsGoOn() {
    SoftAssertions soft = new SoftAssertions();
    soft.check(() -> assertThat(LOSS).hasNodes(2, "exp"));
    soft.check(() -> assertThat(LOSS).has("exp(a)"));
    soft.check(() -> assertThat(LOSS).has("tanh(a)"));
    assertEquals(2, soft.errorsCollected().size());
  }
}
