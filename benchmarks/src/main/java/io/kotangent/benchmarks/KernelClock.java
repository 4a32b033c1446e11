package io.kotangent.benchmarks;

import io.kotangent.bytecode.Compilation;
import io.kotangent.bytecode.GeneratedCode;
import io.kotangent.bytecode.load.KernelClass;
import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelListing;
import io.kotangent.plan.Plan;
import io.kotangent.plan.Step;
import io.kotangent.runtime.Code;
import io.kotangent.type.Dim;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs a plan by calling the loaded kernel of each step itself, with a clock around each call. The steps are laid out at the
/// first run, for its arrays and sizes; later runs must be given the same.
final class KernelClock implements Code {
  /// All calls of one kernel class in a step.
  static final class Times {
    final KernelClass kernel;
    /// The names of the steps, each once.
    final List<String> steps = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();

    Times(KernelClass kernel) {
      this.kernel = kernel;
    }

    /// How many steps of the plan called it.
    int calls() {
      return (int) calls.stream().filter(call -> call.least != Long.MAX_VALUE).count();
    }

    /// The least time of each call, summed; a call that was never made counts nothing.
    double leastMicros() {
      double nanos = 0;
      for (Call call : calls) {
        nanos += call.least == Long.MAX_VALUE ? 0 : call.least;
      }
      return nanos / 1e3;
    }
  }

  /// A step with its arguments.
  private sealed interface Bound {
  }

  private static final class Call implements Bound {
    private final MethodHandle kernel;
    private long least = Long.MAX_VALUE;

    Call(MethodHandle kernel) {
      this.kernel = kernel;
    }
  }

  /// Two ways; each is laid out when it is first taken: SIMD kernels are loaded only when they are wanted.
  private final class Choice implements Bound {
    private final Step.When when;
    private final Map<String, Long> counters = new HashMap<>(symbols);
    private final List<List<Bound>> ways = new ArrayList<>(List.of(List.of(), List.of()));

    Choice(Step.When when) {
      this.when = when;
    }

    List<Bound> taken() {
      int place = value(when.flag().offset(), counters);
      boolean first = ((boolean[]) arrays[when.flag().buffer().index()])[place];
      int way = first ? 0 : 1;
      if (ways.get(way).isEmpty()) {
        symbols.putAll(counters);
        ways.set(way, bind(first ? when.then() : when.otherwise()));
      }
      return ways.get(way);
    }
  }

  private final Plan plan;
  private final GeneratedCode code;
  private final Map<Kernel, Times> ofKernel = new IdentityHashMap<>();
  private final Map<KernelClass, Times> times = new LinkedHashMap<>();
  private List<Bound> bound = List.of();
  private boolean chosen;
  private Object[] arrays = {};
  private final Map<String, Long> symbols = new HashMap<>();

  KernelClock(Compilation compilation) {
    this.plan = compilation.plan();
    this.code = compilation.code();
  }

  /// What was measured since the last [#reset()].
  List<Times> times() {
    return List.copyOf(times.values());
  }

  /// Forgets what was measured, and keeps to the ways that are taken now.
  void reset() {
    chosen = true;
    times.values().forEach(each -> each.calls.forEach(call -> call.least = Long.MAX_VALUE));
  }

  @Override
  public void choose(boolean[] choices, int[] sizes) {
    if (!chosen) {
      code.choose(choices, sizes);
    }
  }

  @Override
  public boolean run(Object[] given, int[] sizes, int thread, int threads, Runnable barrier) {
    if (threads != 1) {
      throw new IllegalArgumentException("kernels are timed on one thread");
    }
    if (bound.isEmpty()) {
      arrays = given.clone();
      for (int i = 0; i < sizes.length; i++) {
        symbols.put(plan.signature().symbols().get(i), (long) sizes[i]);
      }
      bound = bind(plan.steps());
    }
    run(bound);
    return plan.guard()
        .map(flag -> ((boolean[]) given[flag.buffer().index()])[value(flag.offset())]).orElse(true);
  }

  private void run(List<Bound> steps) {
    for (Bound step : steps) {
      switch (step) {
        case Call call -> {
          long start = System.nanoTime();
          call(call.kernel);
          call.least = Math.min(call.least, System.nanoTime() - start);
        }
        case Choice choice -> run(choice.taken());
      }
    }
  }

  private static void call(MethodHandle kernel) {
    try {
      kernel.invokeExact();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a kernel threw", e);
    }
  }

  private List<Bound> bind(List<Step> steps) {
    List<Bound> all = new ArrayList<>();
    for (Step step : steps) {
      switch (step) {
        case Step.Run run -> all.add(bind(run));
        case Step.Barrier() -> {
          // one thread
        }
        case Step.Repeat repeat -> {
          int count = value(repeat.count());
          for (int i = 0; i < count; i++) {
            symbols.put(repeat.counter(), (long) (repeat.reverse() ? count - 1 - i : i));
            all.addAll(bind(repeat.body()));
          }
          symbols.remove(repeat.counter());
        }
        case Step.When when -> all.add(new Choice(when));
      }
    }
    return all;
  }

  private Bound bind(Step.Run run) {
    Times own = ofKernel.computeIfAbsent(run.kernel(), this::times);
    if (!own.steps.contains(run.name())) {
      own.steps.add(run.name());
    }
    List<Object> arguments = new ArrayList<>();
    for (int i = 0; i < run.arguments().size(); i++) {
      Step.Argument argument = run.arguments().get(i);
      arguments.add(arrays[argument.buffer().index()]);
      if (!run.kernel().arrays().get(i).whole()) {
        arguments.add(value(argument.offset()));
      }
    }
    run.ints().forEach(size -> arguments.add(value(size)));
    Call call = new Call(
        MethodHandles.insertArguments(entry(own.kernel), 0, arguments.toArray()));
    own.calls.add(call);
    return call;
  }

  private Times times(Kernel kernel) {
    String name = KernelListing.of(kernel).className();
    for (KernelClass loaded : code.kernels()) {
      if (loaded.listing().className().equals(name)) {
        return times.computeIfAbsent(loaded, Times::new);
      }
    }
    throw new IllegalStateException("no class is loaded for " + name);
  }

  private static MethodHandle entry(KernelClass kernel) {
    for (Method method : kernel.type().getMethods()) {
      if (method.getName().equals("run")) {
        try {
          return MethodHandles.publicLookup().unreflect(method);
        } catch (IllegalAccessException e) {
          throw new IllegalStateException("the entry of " + kernel.type() + " is not public", e);
        }
      }
    }
    throw new IllegalStateException(kernel.type() + " has no entry");
  }

  private int value(Dim dim) {
    return value(dim, symbols);
  }

  private static int value(Dim dim, Map<String, Long> symbols) {
    return Math.toIntExact(dim.isConstant() ? dim.constantTerm() : dim.evaluate(symbols));
  }
}
