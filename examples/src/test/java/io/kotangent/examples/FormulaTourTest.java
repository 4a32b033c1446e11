package io.kotangent.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.dsl.Formulas;
import io.kotangent.formula.Formula;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The formulas that courses print, and those of networks.
class FormulaTourTest {
  @Test
  void theTourIsTheKeptText() {
    StringBuilder text = new StringBuilder();
    for (FormulaTour.Stop stop : FormulaTour.stops()) {
      text.append(stop.about()).append('\n');
      lines(text, Formulas.of(stop.graph(), stop.of()));
      for (String by : stop.by()) {
        lines(text, Formulas.derivative(stop.graph(), stop.of(), by));
      }
    }
    Golden.matches("formulas.txt", text.toString());
  }

  private static void lines(StringBuilder text, Formula formula) {
    text.append("  ").append(formula.unicode()).append("\n    ").append(formula.latex())
        .append('\n');
  }

  @Test
  void trainingStepsAreListsOfReadableFormulas() {
    for (Digits.Network network : List.of(Mnist.network(), DigitCnn.network())) {
      List<Formula> formulas = Formulas.of(network.training().stepGraph());
      List<String> lines = formulas.stream().map(Formula::unicode).toList();
      assertTrue(lines.stream().anyMatch(line -> line.startsWith("loss = mean(logSumExpⱼ(")),
          () -> String.join("\n", lines));
      assertTrue(lines.stream().anyMatch(line -> line.startsWith("dense1.w′ = dense1.w − ")),
          () -> String.join("\n", lines));
      assertTrue(lines.stream().allMatch(line -> line.length() < 1000),
          () -> String.join("\n", lines));
    }
  }
}
