package io.kotangent.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Says how long the training step of the digits takes to compile. Times are looked at, not asserted: a busy machine is no
/// fault of the compiler.
class CompileTimeTest {
  @Test
  void saysHowLongTheTrainingStepTakesToCompile() throws Exception {
    String printed = Child.run(List.of(), CompileTime.class, "15");
    System.out.print("Compile time of the MNIST training step\n" + printed);
    assertTrue(printed.contains("cold: ") && printed.contains("warm: "), printed);
  }
}
