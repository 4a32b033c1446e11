package io.kotangent.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kotangent.ir.Graph;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.KotangentException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class ComposeTest {
  private static final Graph GRADIENTS = GradientTest.graph("""
      graph gradients(x: input f64, w: param f64) {
        %0 = mul x, w : f64
        %1 = is_finite %0 : bool
        guard %1
        return loss=%0, dw=x
      }
      """);
  private static final Graph UPDATE = GradientTest.graph("""
      graph update(w: state f64, dw: input f64, rate: input f64) {
        %0 = mul rate, dw : f64
        %1 = sub w, %0 : f64
        %2 = is_finite dw : bool
        guard %2
        update w = %1
        return step=%0
      }
      """);

  @Test
  void aStepIsTheUpdateAfterTheGradients() {
    assertEquals("""
        graph step(x: input f64, w: state f64, rate: input f64) {
          %0 = mul x, w     : f64
          %1 = mul rate, x  : f64
          %2 = sub w, %1    : f64
          %3 = is_finite %0 : bool
          %4 = is_finite x  : bool
          %5 = and %3, %4   : bool
          guard %5
          update w = %2
          return loss=%0, step=%1, dw=x
        }
        """, GraphPrinter
        .print(Compose.compose("step", GRADIENTS, UPDATE, List.of("loss", "step", "dw"))));
  }

  @Test
  void aGuardOfOneGraphIsThatOfBoth() {
    Graph plain = GradientTest.graph("graph plain(w: param f64) {\n  return dw=w\n}");
    assertEquals("is_finite",
        Compose.compose("step", plain, UPDATE, List.of()).guard().orElseThrow().op().mnemonic());
    assertEquals("is_finite",
        Compose.compose("step", UPDATE, plain, List.of()).guard().orElseThrow().op().mnemonic());
  }

  @Test
  void refusesWhatDoesNotFit() {
    Graph other = GradientTest.graph("graph other(w: param f32, dw: input f64) {\n  return y=w\n}");
    assertEquals(
        "compose: port 'w' is 'w: param f64' in gradients and 'w: param f32' in other: expected one type and one"
            + " role",
        message(() -> Compose.compose("step", GRADIENTS, other, List.of())));
    Graph integer = GradientTest.graph("graph integer(dw: input i32) {\n  return y=dw\n}");
    assertEquals("compose: integer takes 'dw: input i32', but gradients gives f64 of that name",
        message(() -> Compose.compose("step", GRADIENTS, integer, List.of())));
    assertEquals("compose: neither gradients nor update has a result 'cost'",
        message(() -> Compose.compose("step", GRADIENTS, UPDATE, List.of("cost"))));
  }

  private static String message(org.junit.jupiter.api.function.Executable executable) {
    return assertThrows(KotangentException.class, executable).getMessage();
  }
}
