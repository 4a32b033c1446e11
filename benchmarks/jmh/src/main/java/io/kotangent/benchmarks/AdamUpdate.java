package io.kotangent.benchmarks;

import io.kotangent.bytecode.Compiler;
import io.kotangent.dsl.Optimizers;
import io.kotangent.dsl.Training;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.Port;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The update of all parameters of the BLOCK model, gradients given.
@State(Scope.Thread) @BenchmarkMode(Mode.AverageTime) @OutputTimeUnit(TimeUnit.MICROSECONDS) @Fork(1) @Warmup(iterations = 3, time = 1) @Measurement(iterations = 10, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class AdamUpdate {
  private final Program program;
  private final Workspace workspace;
  private final io.kotangent.runtime.ModelState state;

  /// Compiles the update.
  public AdamUpdate() {
    Network block = Networks.block(10, 100, 5);
    Training training = block.model().minimize(block.loss(), Optimizers.adam(1e-3));
    program = Compiler.compile(training.updateGraph());
    state = program.newState();
    workspace = program.newWorkspace();
    Numbers numbers = new Numbers();
    for (Port port : program.signature().inputs()) {
      if (port.name().equals("ok")) {
        workspace.feed("ok", true);
      } else {
        int length = (int) port.type().shape().dims().stream().mapToLong(d -> d.constant())
            .reduce(1, (a, b) -> a * b);
        workspace.feed(port.name(), numbers.normal(length));
      }
    }
  }

  /// One update.
  @Benchmark
  public boolean run() {
    return program.run(workspace, state);
  }
}
