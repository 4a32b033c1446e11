package io.kotangent.examples;

import static io.kotangent.dsl.Optimizers.adam;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.bytecode.KernelCache;
import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Initializer;
import io.kotangent.dsl.Matrix;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Training;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.State;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.Port;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/// Times training steps on one thread, and their compilation: `examples/run bench [mlp-compile] [block-train] [mlp-train]`. One JSON line a workload;
/// `first_ms` is the time from the first call of the DSL to the result of the first step, of whatever workload comes first
/// in a cold JVM.
public final class Bench {
  record Batch() implements Axis.Symbolic<Batch> {}

  record Input(int size) implements Axis<Input> {}

  record Hidden(int size) implements Axis<Hidden> {}

  record Result(int size) implements Axis<Result> {}

  private Bench() {}

  /// The BLOCK model (LECTURES C6): 10 inputs, five hidden layers of 100 with ReLU, one output; Adam.
  static Training block() {
    var batch = new Batch();
    var hidden = new Hidden(100);
    var result = new Result(1);
    var he = Initializer.heNormal();
    var model = Model.named("block");
    var x = model.input("x", batch, new Input(10));
    var y = model.input("y", batch, result);
    Matrix<Batch, Hidden> layer = x.dense(hidden, he).relu();
    for (int i = 1; i < 5; i++) {
      layer = layer.dense(hidden, he).relu();
    }
    var logit = layer.dense(result);
    return model.minimize(logit.sigmoidCrossEntropy(y).mean(), adam(1e-3));
  }

  public static void main(String[] args) {
    System.err.println(
        "Whole training steps (forward, backward, update) on one thread: first_ms from the "
            + "first call of the DSL to the end of the first step, then µs a step in blocks of 50.");
    List<String> wanted =
        args.length == 0 ? List.of("mlp-compile", "block-train", "mlp-train") : Arrays.asList(args);
    for (String workload : wanted) {
      switch (workload) {
        case "block-train" -> time(workload, Bench::block, "x", 32 * 10, "y", floats(32, 2));
        case "mlp-train" -> time(workload, () -> Mnist.network().training(), "image", 64 * 784,
            "label", labels(64));
        case "mlp-compile" -> timeCompiler(workload);
        default -> throw new IllegalArgumentException(
            "no workload '" + workload + "': expected block-train, mlp-train or mlp-compile");
      }
    }
  }

  private static void time(String workload, Supplier<Training> build, String input, int length,
      String target,
      Object targets) {
    long start = System.nanoTime();
    Training training = build.get();
    Program step = Compiler.compile(training.step());
    State state = start(step.newState());
    Workspace workspace =
        step.newWorkspace().feedArray(input, floats(length, 0)).feedArray(target, targets);
    step.run(workspace, state);
    double first = (System.nanoTime() - start) / 1e6;
    double[] blocks = new double[400];
    int count = 0;
    long end = System.nanoTime() + 8_000_000_000L;
    while (count < blocks.length && System.nanoTime() < end) {
      int steps = 50;
      long from = System.nanoTime();
      for (int i = 0; i < steps; i++) {
        step.run(workspace, state);
      }
      blocks[count++] = (System.nanoTime() - from) / 1e3 / steps;
    }
    report(workload, first, Arrays.copyOf(blocks, count));
  }

  /// From the first call of the DSL to the loaded classes of the training step of the digits; first in this JVM, then again
  /// and again, every kernel emitted anew.
  private static void timeCompiler(String workload) {
    double[] times = new double[30];
    for (int i = 0; i < times.length; i++) {
      long start = System.nanoTime();
      Compiler.compile(Mnist.network().training().step(),
          CompileOptions.standard().with(new KernelCache()));
      times[i] = (System.nanoTime() - start) / 1e3;
    }
    report(workload, times[0] / 1e3, Arrays.copyOfRange(times, 10, times.length));
  }

  private static void report(String workload, double first, double[] times) {
    Arrays.sort(times);
    System.out.printf(Locale.ROOT,
        "{\"fw\":\"kotangent\",\"threads\":1,\"workload\":\"%s\",\"first_ms\":%.2f,\"median_us\":%.2f,\"min_us\":%.2f}%n",
        workload, first, times[times.length / 2], times[0]);
  }

  /// Small weights, drawn here and not by the model's initialisers: their program is not what is timed.
  private static State start(State state) {
    SplittableRandom random = new SplittableRandom(2);
    for (Port port : state.ports()) {
      if (port.slot().isEmpty() && port.type().rank() == 2) {
        float[] values = state.floats(port.name());
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (random.nextDouble() - 0.5) / 5;
        }
        state.set(port.name(), values);
      }
    }
    return state;
  }

  /// Numbers from 0 to 1, or whole numbers below `classes`.
  private static float[] floats(int length, int classes) {
    SplittableRandom random = new SplittableRandom(1);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = classes == 0 ? (float) random.nextDouble() : random.nextInt(classes);
    }
    return values;
  }

  private static int[] labels(int length) {
    SplittableRandom random = new SplittableRandom(1);
    return random.ints(length, 0, 10).toArray();
  }
}
