package io.kotangent.benchmarks;

import io.kotangent.bytecode.Compiler;
import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Vector;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Functions over elements that lie one after the other; the time is that of an element.
@State(Scope.Thread) @BenchmarkMode(Mode.AverageTime) @OutputTimeUnit(TimeUnit.NANOSECONDS) @Fork(1) @Warmup(iterations = 3, time = 1) @Measurement(iterations = 10, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class RowLoops {
  private static final int ELEMENTS = 8192;

  record Place(int size) implements Axis<Place> {}

  /// The function.
  @Param({"relu", "exp", "log", "tanh", "sigmoid", "erf", "sin", "axpy"}) public String function =
      "relu";

  private Program program = compiled();
  private Workspace workspace = program.newWorkspace();

  private Program compiled() {
    var model = Model.named("loop");
    var x = model.input("x", new Place(ELEMENTS));
    return Compiler.compile(model.graph("y", applied(x)));
  }

  private Vector<Place> applied(Vector<Place> x) {
    return switch (function) {
      case "relu" -> x.relu();
      case "exp" -> x.exp();
      case "log" -> x.log();
      case "tanh" -> x.tanh();
      case "sigmoid" -> x.sigmoid();
      case "erf" -> x.erf();
      case "sin" -> x.sin();
      case "axpy" -> x.times(3).plus(x);
      case String other -> throw new IllegalArgumentException("no function " + other);
    };
  }

  /// Compiles the function.
  @Setup
  public void compile() {
    program = compiled();
    workspace = program.newWorkspace().feed("x", new Numbers().uniform(ELEMENTS));
  }

  /// All elements once.
  @Benchmark @OperationsPerInvocation(ELEMENTS)
  public boolean run() {
    return program.run(workspace);
  }
}
