package io.kotangent.explain;

import io.kotangent.bytecode.GeneratedCode;
import io.kotangent.bytecode.emit.SoftFma;
import io.kotangent.bytecode.load.EntryCall;
import io.kotangent.bytecode.load.KernelClass;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelListing;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.Step;
import io.kotangent.plan.StepWalk;
import io.kotangent.runtime.Code;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Runs a program's loaded kernels one by one, with a clock around each call.
final class StepClock implements Code {
  private final StepWalk walk;
  private final boolean fma;
  private final Map<String, KernelClass> classes = new HashMap<>();
  private final Map<Kernel, Consumer<Object[]>> entries = new IdentityHashMap<>();
  private final Map<Integer, Integer> numberOfLine = new HashMap<>();
  /// Of the last run, for each step by its number.
  final long[] nanos;
  final int[] calls;

  /// @param code whose SIMD code is loaded that will be taken
  /// @param fma whether what code is emitted for has a fused multiply and add
  StepClock(Plan plan, GeneratedCode code, boolean fma) {
    this.fma = fma;
    walk = new StepWalk(plan, this::call);
    code.kernels().forEach(kernel -> classes.put(kernel.listing().className(), kernel));
    number(plan.steps(), PlanPrinter.firstLine(plan));
    nanos = new long[numberOfLine.size()];
    calls = new int[numberOfLine.size()];
  }

  /// Numbers the steps in the order of the listing.
  private void number(List<Step> steps, int firstLine) {
    int line = firstLine;
    for (Step step : steps) {
      switch (step) {
        case Step.Run _ -> numberOfLine.put(line, numberOfLine.size());
        case Step.Barrier _ -> {
          // runs nothing
        }
        case Step.Repeat repeat -> number(repeat.body(), line + 1);
        case Step.When when -> {
          number(when.then(), line + 1);
          number(when.otherwise(), line + 2 + PlanPrinter.lines(when.then()));
        }
      }
      line += PlanPrinter.lines(step);
    }
  }

  @Override
  public boolean run(Object[] arrays, int[] sizes, int thread, int threads, Runnable barrier) {
    Arrays.fill(nanos, 0);
    Arrays.fill(calls, 0);
    return walk.run(arrays, sizes);
  }

  private void call(Step.Run step, int line, Object[] arrays, Map<String, Long> symbols) {
    Consumer<Object[]> entry = entries.computeIfAbsent(step.kernel(), this::entry);
    Object[] arguments = arguments(step, arrays, symbols);
    long start = System.nanoTime();
    entry.accept(arguments);
    long took = System.nanoTime() - start;
    int number = numberOfLine.get(line);
    nanos[number] += took;
    calls[number]++;
  }

  private Consumer<Object[]> entry(Kernel kernel) {
    String name = KernelListing.of(fma ? kernel : SoftFma.rewrite(kernel)).className();
    KernelClass loaded = classes.get(name);
    if (loaded == null) {
      throw new IllegalStateException("no class is loaded for " + name);
    }
    return EntryCall.of(loaded.type());
  }

  private static Object[] arguments(Step.Run step, Object[] arrays, Map<String, Long> symbols) {
    List<ArrayParam> params = step.kernel().arrays();
    Object[] arguments = new Object[2 * params.size() + step.ints().size()];
    int count = 0;
    for (int i = 0; i < params.size(); i++) {
      Step.Argument argument = step.arguments().get(i);
      arguments[count++] = arrays[argument.buffer().index()];
      if (!params.get(i).whole()) {
        arguments[count++] = StepWalk.evaluate(argument.offset(), symbols);
      }
    }
    for (var size : step.ints()) {
      arguments[count++] = StepWalk.evaluate(size, symbols);
    }
    return arguments;
  }
}
