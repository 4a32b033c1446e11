package io.kotangent.dsl.program;

import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Training;
import io.kotangent.ir.Graph;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanInterpreter;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Signature;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.StateLayout;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.Fact;
import io.kotangent.type.Port;
import java.util.Map;
import java.util.SplittableRandom;

/// The compiled programs of a training, and batches to feed them.
final class Steps {
  private final CompileOptions options;
  private final Training training;
  private final ModelState start;

  Steps(Training training) {
    this.training = training;
    StateLayout layout = StateLayout.of(training.state());
    this.options = CompileOptions.standard().with(layout);
    this.start = ModelState.zeros(layout);
    initialize(training.model(), start);
  }

  private static void initialize(Model model, ModelState state) {
    Program program = Compiler.compile(model.initGraph());
    Workspace workspace = program.newWorkspace().feed("seed", 7L);
    program.run(workspace);
    for (Signature.Result result : program.signature().results()) {
      state.set(result.name(), workspace.array(result.name()));
    }
  }

  /// A new state with its first values.
  ModelState state() {
    return start.copy();
  }

  Program step() {
    return compiled(training.stepGraph());
  }

  Program gradients() {
    return compiled(training.gradientGraph());
  }

  Program update() {
    return compiled(training.updateGraph());
  }

  Program compiled(Graph graph) {
    return Compiler.compile(graph, options);
  }

  /// The same plan, run by the interpreter of plans.
  Program interpreted(Graph graph) {
    Plan plan = Compiler.plan(graph, options);
    return Program.of(plan.signature(), new PlanInterpreter(plan));
  }

  /// Numbers for all inputs of a program whose only symbol is the batch: uniform in ±1, labels in their range.
  static Workspace feed(Program program, int batch, long seed) {
    Workspace workspace = program.newWorkspace();
    program.signature().inputs()
        .forEach(port -> workspace.feedArray(port.name(), values(port, batch, seed)));
    return workspace;
  }

  /// The first rows for one seed are the same in batches of all sizes.
  static Object values(Port port, int batch, long seed) {
    var random = new SplittableRandom(seed ^ port.name().hashCode());
    int length = port.type().shape().size().evaluateInt(Map.of("batch", (long) batch));
    Object array = port.type().dtype().newArray(length);
    for (int i = 0; i < length; i++) {
      switch (array) {
        case float[] a -> a[i] = (float) random.nextDouble(-1, 1);
        case double[] a -> a[i] = random.nextDouble(-1, 1);
        case int[] a -> a[i] = random.nextInt((int) range(port).high() + 1);
        case long[] a -> a[i] = port.name().equals("seed") ? seed : i;
        case boolean[] a -> a[i] = random.nextBoolean();
        default -> throw new AssertionError(port);
      }
    }
    return array;
  }

  private static Fact.Range range(Port port) {
    return port.facts().stream()
        .filter(Fact.Range.class::isInstance).map(Fact.Range.class::cast).findFirst()
        .orElseThrow();
  }

  /// The bits of a result, or of a part of it.
  static String bits(Workspace run, String result, int from, int length) {
    var text = new StringBuilder();
    Object array = run.array(result);
    for (int i = from; i < from + length; i++) {
      text.append(switch (array) {
        case float[] a -> Integer.toHexString(Float.floatToRawIntBits(a[i]));
        case double[] a -> Long.toHexString(Double.doubleToRawLongBits(a[i]));
        case int[] a -> Integer.toString(a[i]);
        case long[] a -> Long.toString(a[i]);
        default -> throw new AssertionError(result);
      }).append(' ');
    }
    return text.toString();
  }

}
