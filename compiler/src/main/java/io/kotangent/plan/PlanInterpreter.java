package io.kotangent.plan;

import io.kotangent.loop.Kernel;
import io.kotangent.loop.LoopInterpreter;
import io.kotangent.runtime.Code;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Runs a plan step by step, each kernel by [LoopInterpreter]: this says which bits a program yields, and
/// compiled code must yield the same. Immutable and thread-safe.
public final class PlanInterpreter implements Code {
  private final Plan plan;
  private final PlanNames names;
  private final StepWalk walk;
  private final Map<Kernel, LoopInterpreter> kernels = new IdentityHashMap<>();

  public PlanInterpreter(Plan plan) {
    this.plan = plan;
    this.names = new PlanNames(plan);
    this.walk = new StepWalk(plan, this::run);
    prepare(plan.steps());
  }

  private void prepare(List<Step> steps) {
    for (Step step : steps) {
      switch (step) {
        case Step.Run run -> kernels.computeIfAbsent(run.kernel(), LoopInterpreter::new);
        case Step.Barrier _ -> {
          // one thread
        }
        case Step.Repeat repeat -> prepare(repeat.body());
        case Step.When when -> {
          prepare(when.then());
          prepare(when.otherwise());
        }
      }
    }
  }

  /// The first of several threads does everything.
  @Override
  public boolean run(Object[] arrays, int[] sizes, int thread, int threads, Runnable barrier) {
    if (thread != 0) {
      return true;
    }
    return walk.run(arrays, sizes);
  }

  @Override
  public String way(boolean[] choices) {
    return "interpreted loop code";
  }

  private void run(Step.Run run, int line, Object[] arrays, Map<String, Long> symbols) {
    LoopInterpreter kernel = kernels.get(run.kernel());
    if (kernel == null) {
      throw new IllegalStateException("a step that was not prepared: " + run.name());
    }
    try {
      run(run, kernel, arrays, symbols);
    } catch (ArithmeticException | IllegalArgumentException | IndexOutOfBoundsException e) {
      StepLines steps = StepLines.of(plan, names, Map.of());
      throw StepFailure.of(steps, steps.at(line).orElseThrow(), e);
    }
  }

  private static void run(Step.Run run, LoopInterpreter kernel, Object[] arrays,
      Map<String, Long> symbols) {
    Object[] args = new Object[run.arguments().size()];
    int[] offsets = new int[args.length];
    for (int i = 0; i < args.length; i++) {
      Step.Argument argument = run.arguments().get(i);
      args[i] = array(argument, arrays);
      offsets[i] = StepWalk.evaluate(argument.offset(), symbols);
    }
    int[] ints = new int[run.ints().size()];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = StepWalk.evaluate(run.ints().get(i), symbols);
    }
    kernel.run(args, offsets, ints);
  }

  /// What is outside of the heap has no content that matters: an array does as well.
  private static Object array(Step.Argument argument, Object[] arrays) {
    Object array = arrays[argument.buffer().index()];
    return array instanceof java.nio.Buffer memory
        ? argument.buffer().slot().dtype().newArray(memory.capacity()) : array;
  }
}
