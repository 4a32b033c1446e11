package io.kotangent.benchmarks;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.bytecode.SimdUse;
import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Model;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A compiled product of matrices, as loops over rows and as SIMD tiles.
@State(Scope.Thread) @BenchmarkMode(Mode.AverageTime) @OutputTimeUnit(TimeUnit.MICROSECONDS) @Fork(value = 1, jvmArgsAppend = {
    "--add-modules",
    "jdk.incubator.vector"}) @Warmup(iterations = 4, time = 1) @Measurement(iterations = 10, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class Gemm {
  record Row(int size) implements Axis<Row> {}

  record Middle(int size) implements Axis<Middle> {}

  record Column(int size) implements Axis<Column> {}

  /// Rows of a × columns of a × columns of b.
  @Param({"32x100x100", "1000x100x100", "64x784x128", "64x64x64",
      "256x256x256"}) public String shape = "";

  /// Rows only, or tiles from the first call.
  @Param({"NEVER", "ALWAYS"}) public SimdUse simd = SimdUse.NEVER;

  private Program program = compiled();
  private Workspace workspace = program.newWorkspace();

  private int size(int place) {
    return shape.isEmpty() ? 1 : Integer.parseInt(shape.split("x", -1)[place]);
  }

  private Program compiled() {
    var middle = new Middle(size(1));
    var model = Model.named("gemm");
    var a = model.input("a", new Row(size(0)), middle);
    var b = model.input("b", middle, new Column(size(2)));
    return Compiler.compile(model.graph("y", a.matmul(b)),
        CompileOptions.standard().with(simd));
  }

  /// Compiles the product.
  @Setup
  public void compile() {
    program = compiled();
    Numbers numbers = new Numbers();
    workspace = program.newWorkspace().feed("a", numbers.normal(size(0) * size(1)))
        .feed("b", numbers.normal(size(1) * size(2)));
  }

  /// One product.
  @Benchmark
  public boolean run() {
    return program.run(workspace);
  }

  /// Floating-point operations of a shape.
  static double flops(String shape) {
    double flops = 2;
    for (String size : shape.split("x", -1)) {
      flops *= Integer.parseInt(size);
    }
    return flops;
  }
}
