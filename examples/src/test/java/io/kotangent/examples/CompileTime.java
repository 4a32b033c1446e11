package io.kotangent.examples;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.CompileReport;
import io.kotangent.bytecode.Compiler;
import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.dsl.Training;
import io.kotangent.runtime.StateLayout;
import java.util.Locale;

/// Prints how long the training step of the digits takes from the first call of the DSL to loaded classes, the first time
/// in this JVM and the last of `ROUNDS` more, each with all its kernels emitted anew: `CompileTime ROUNDS`.
final class CompileTime {
  private CompileTime() {}

  public static void main(String[] args) {
    System.out.println("cold: " + once());
    String last = once();
    for (int i = 1; i < Integer.parseInt(args[0]); i++) {
      last = once();
    }
    System.out.println("warm: " + last);
  }

  private static String once() {
    long start = System.nanoTime();
    Training training = Mnist.network().training();
    double model = (System.nanoTime() - start) / 1e6;
    CompileReport report = Compiler.compilation(training.stepGraph(), CompileOptions.standard()
        .with(new KernelCache()).with(StateLayout.of(training.state()))).report();
    return String.format(Locale.ROOT, "%.0f ms: model %.0f ms, %s",
        (System.nanoTime() - start) / 1e6, model, report);
  }
}
