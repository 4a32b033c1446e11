package io.kotangent.examples;

import static io.kotangent.assertions.Assertions.assertThat;

import io.kotangent.dsl.Formulas;
import io.kotangent.dsl.Training;
import io.kotangent.formula.Formula;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The plans of the examples' training steps and the formulas of their gradients are the kept texts; and what the steps cost.
class GoldenPlansTest {
  @Test
  void logistic() {
    kept("logistic", Logistic.network().training());
  }

  @Test
  void xor() {
    kept("xor", Xor.network().training());
  }

  @Test
  void digitCnn() {
    kept("digit-cnn", DigitCnn.network().training());
  }

  @Test
  void mnist() {
    gradients("mnist", Mnist.network().training());
  }

  private static void kept(String name, Training training) {
    assertThat(training.stepGraph()).compiled().plan()
        .matchesGolden(Golden.file(name + "-step.plan"));
    gradients(name, training);
  }

  private static void gradients(String name, Training training) {
    Golden.matches(name + "-gradients.txt",
        Formulas.of(training.gradientGraph()).stream().map(Formula::unicode)
            .collect(Collectors.joining("\n", "", "\n")));
  }

  @Test
  void stepsCostNoMoreThanTheyDid() {
    Map<String, Long> batch = Map.of("batch", 64L);
    assertThat(Mnist.network().training().stepGraph()).work(batch)
        .hasAtMostFlops(45_000_000L);
    assertThat(Mnist.network().training().stepGraph()).compiled()
        .movesAtMost(7_500_000L, batch).hasMethodsOfAtMost(8000);
    assertThat(DigitCnn.network().training().stepGraph()).work(batch)
        .hasAtMostFlops(5_400_000_000L);
  }
}
