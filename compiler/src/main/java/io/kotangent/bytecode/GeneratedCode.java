package io.kotangent.bytecode;

import io.kotangent.bytecode.emit.Emission;
import io.kotangent.bytecode.emit.EmittedClass;
import io.kotangent.bytecode.emit.ProgramEmitter;
import io.kotangent.bytecode.load.GeneratedLoader;
import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.bytecode.load.KernelClass;
import io.kotangent.bytecode.load.LateKernel;
import io.kotangent.bytecode.load.LoadedKernels;
import io.kotangent.bytecode.load.SimdState;
import io.kotangent.bytecode.load.Together;
import io.kotangent.bytecode.warm.Choice;
import io.kotangent.bytecode.warm.ChoiceWork;
import io.kotangent.bytecode.warm.Choices;
import io.kotangent.bytecode.warm.EarlyCalls;
import io.kotangent.bytecode.warm.SimdWarmer;
import io.kotangent.loop.Kernel;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanNames;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.Step;
import io.kotangent.plan.StepFailure;
import io.kotangent.runtime.Code;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicBoolean;

/// A plan as loaded classes: the program's own, and the kernels' that it shares with others. Holds them; when it is dropped, they
/// can be unloaded. What generated code throws comes out naming the step and the lines that the user wrote.
public final class GeneratedCode implements Code {
  private final Plan plan;
  private final PlanNames names;
  private final String listing;
  private final List<EmittedClass> classes;
  private final Map<String, KernelClass> kernels;
  private final List<LateKernel> late;
  private final int newKernels;
  private final Map<Kernel, String> kernelNames;
  private final Map<String, int[]> parts;
  private final Code adapter;
  private final Choice[] choices;
  private final SimdUse use;
  private final AtomicBoolean early = new AtomicBoolean();
  private volatile ChoiceWork work;
  private volatile Chosen chosen = Chosen.NONE;
  /// For other sizes: the last batch of an epoch is often smaller than the rest.
  private volatile Chosen before = Chosen.NONE;

  /// The ways that runs with some sizes take.
  ///
  /// @param changes how much SIMD code had become ready by then
  private record Chosen(int changes, int[] sizes, boolean[] flags) {
    static final Chosen NONE = new Chosen(-1, new int[0], new boolean[0]);

    boolean isFor(int[] others, int now) {
      return changes == now && Arrays.equals(sizes, others);
    }
  }

  private GeneratedCode(Plan plan, PlanNames names, String listing, LoadedKernels loaded,
      Choice[] choices, ProgramEmitter.Emitted emitted, Code adapter, SimdUse use) {
    this.use = use;
    this.plan = plan;
    this.names = names;
    this.listing = listing;
    this.classes = emitted.classes();
    this.kernels = loaded.kernels();
    this.late = List.copyOf(loaded.late().values());
    this.newKernels = loaded.added();
    this.kernelNames = loaded.names();
    this.choices = choices;
    this.parts = emitted.parts();
    this.adapter = adapter;
    this.work = ChoiceWork.NONE;
  }

  /// Emits and loads a plan. SIMD code that it has is taken when it is faster.
  public static GeneratedCode of(Plan plan, KernelCache cache) {
    return of(plan, cache, SimdUse.WHEN_FASTER);
  }

  /// Emits and loads a plan.
  ///
  /// @param use when SIMD code that the plan has is to be taken
  public static GeneratedCode of(Plan plan, KernelCache cache, SimdUse use) {
    LoadedKernels loaded = new LoadedKernels(cache);
    PlanNames names = new PlanNames(plan);
    ProgramEmitter.Emitted emitted;
    String listing;
    try (Together _ = loaded.load(plan.steps())) {
      emitted = ProgramEmitter.emit(plan, names, loaded.names(), cache.emission());
      listing = PlanPrinter.print(plan, names, loaded.names());
    }
    Choice[] choices = Choices.of(plan.steps(), plan.signature().symbols(), loaded);
    Code adapter = link(names, loaded, emitted.classes(), cache.emission());
    GeneratedCode code =
        new GeneratedCode(plan, names, listing, loaded, choices, emitted, adapter, use);
    if (use == SimdUse.ALWAYS) {
      for (Choice choice : code.choices) {
        choice.simd().forEach(way -> way.kernel().get().simd().makeReady());
      }
      code.late.forEach(LateKernel::get);
    }
    return code;
  }

  /// Loads a program's classes over those of its kernels.
  private static Code link(PlanNames names, LoadedKernels kernels, List<EmittedClass> program,
      Emission emission) {
    GeneratedLoader loader = new GeneratedLoader(names.className());
    for (KernelClass kernel : kernels.kernels().values()) {
      loader.know(kernel.type());
    }
    kernels.late().forEach(loader::know);
    loader.know(Code.class);
    for (EmittedClass own : program) {
      loader.define(own);
    }
    return instantiate(loader.define(ProgramEmitter.adapter(names, emission)));
  }

  private static Code instantiate(Class<?> adapter) {
    try {
      return (Code) adapter.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the emitted adapter cannot be made", e);
    }
  }

  /// (Most calls find all as it was: little code that is soon compiled, and allocates nothing.)
  @Override
  public void choose(boolean[] flags, int[] sizes) {
    Chosen last = chosen;
    int changes = SimdState.changes();
    if (!last.isFor(sizes, changes)) {
      Chosen other = before;
      if (!other.isFor(sizes, changes)) {
        if (!decide(flags, sizes)) {
          return;
        }
        other = new Chosen(changes, sizes.clone(), Arrays.copyOf(flags, choices.length));
      }
      before = last;
      chosen = other;
      last = other;
    }
    System.arraycopy(last.flags(), 0, flags, 0, choices.length);
  }

  /// Sets the flags. Returns whether they hold for further runs: not while something may still have to be asked for.
  private boolean decide(boolean[] flags, int[] sizes) {
    boolean settled = true;
    for (int i = 0; i < choices.length; i++) {
      boolean fits = choices[i].fits(sizes);
      flags[i] = fits && choices[i].isWarm();
      if (fits && !flags[i] && use == SimdUse.WHEN_FASTER && choices[i].isOpen(sizes)) {
        settled = false;
        ask(i, sizes);
      }
    }
    return settled;
  }

  private void ask(int choice, int[] sizes) {
    ChoiceWork now = work;
    if (!now.isFor(sizes)) {
      now = ChoiceWork.of(choices, plan.signature().symbols(), sizes);
      work = now;
    }
    if (now.of(choice) > Choice.MUCH && early.compareAndSet(false, true)) {
      kernels.values().forEach(kernel -> kernel.rows().forEach(EarlyCalls::of));
    }
    if (choices[choice].isDue(sizes, now.of(choice), now.isLittle(choice))) {
      SimdWarmer.ask(choices[choice], now.ofKernels(choice));
    }
  }

  @Override
  public boolean run(Object[] arrays, int[] sizes, int thread, int threads, Runnable barrier) {
    try {
      return adapter.run(arrays, sizes, thread, threads, barrier);
    } catch (ArithmeticException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw translate(e);
    }
  }

  private RuntimeException translate(RuntimeException e) {
    if (e.getStackTrace().length == 0) {
      return StepFailure.untraced(plan, names, e);
    }
    for (StackTraceElement frame : e.getStackTrace()) {
      if (names.fileName().equals(frame.getFileName())) {
        Optional<Step.Run> step =
            stepAt(plan.steps(), PlanPrinter.firstLine(plan), frame.getLineNumber());
        if (step.isPresent()) {
          return StepFailure.of(plan, names, step.get(), frame.getLineNumber(), e);
        }
        int[] lines = parts.get(frame.getClassName() + "." + frame.getMethodName());
        if (lines != null) {
          return StepFailure.within(plan, names, lines[0], lines[1], e);
        }
      }
    }
    int first = PlanPrinter.firstLine(plan);
    return StepFailure.within(plan, names, first, first + PlanPrinter.lines(plan.steps()), e);
  }

  private static Optional<Step.Run> stepAt(List<Step> steps, int firstLine, int line) {
    int at = firstLine;
    for (Step step : steps) {
      int next = at + PlanPrinter.lines(step);
      if (line >= at && line < next) {
        return switch (step) {
          case Step.Run run -> Optional.of(run);
          case Step.Barrier _ -> Optional.empty();
          case Step.Repeat repeat -> stepAt(repeat.body(), at + 1, line);
          case Step.When when -> {
            int otherwise = at + 2 + PlanPrinter.lines(when.then());
            yield line < otherwise ? stepAt(when.then(), at + 1, line)
                : stepAt(when.otherwise(), otherwise, line);
          }
        };
      }
      at = next;
    }
    return Optional.empty();
  }

  /// The way that each step took in the last run, in the order of the listing; before the first, plain loops.
  public List<StepWay> ways() {
    List<StepWay> ways = new ArrayList<>();
    addWays(plan.steps(), StepWay.Way.ONLY, Optional.empty(), ways);
    return ways;
  }

  private void addWays(List<Step> steps, StepWay.Way way, Optional<SimdState.Measured> measured,
      List<StepWay> ways) {
    for (Step step : steps) {
      switch (step) {
        case Step.Run run -> ways.add(new StepWay(run.name(), kernelNames.get(run.kernel()), way,
            measured.map(m -> OptionalDouble.of(m.simd())).orElseGet(OptionalDouble::empty),
            measured.map(m -> OptionalDouble.of(m.plain())).orElseGet(OptionalDouble::empty)));
        case Step.Barrier _ -> {
          // runs nothing
        }
        case Step.Repeat repeat -> addWays(repeat.body(), way, measured, ways);
        case Step.When when -> {
          if (when.isChoice()) {
            int flag = Math.toIntExact(when.flag().offset().constant());
            boolean simd = flag < chosen.flags().length && chosen.flags()[flag];
            Optional<SimdState.Measured> tried = choices[flag].measured().or(() -> measured);
            addWays(simd ? when.then() : when.otherwise(),
                simd ? StepWay.Way.SIMD : StepWay.Way.PLAIN, tried, ways);
          } else {
            addWays(when.then(), way, measured, ways);
            addWays(when.otherwise(), way, measured, ways);
          }
        }
      }
    }
  }

  /// The program's listing: what its line numbers point into.
  public String listing() {
    return listing;
  }

  /// The listing's file name, and that of the program class's source: `digits.ir`.
  public String fileName() {
    return names.fileName();
  }

  /// The program's own classes, the one with the entry first.
  public List<EmittedClass> classes() {
    return classes;
  }

  /// The kernels that it calls, each once, in the order of first use; SIMD code as far as it was wanted by now.
  public Collection<KernelClass> kernels() {
    List<KernelClass> all = new ArrayList<>(kernels.values());
    for (LateKernel kernel : late) {
      kernel.ifLoaded().filter(loaded -> !all.contains(loaded)).ifPresent(all::add);
    }
    return all;
  }

  /// How many of them were not loaded before.
  public int newKernels() {
    return newKernels;
  }

  /// The bytes of bytecode of the largest method, kernels included.
  public int largestMethod() {
    int largest = 0;
    for (EmittedClass own : classes) {
      largest = Math.max(largest, own.largestMethod());
    }
    for (KernelClass kernel : kernels()) {
      largest = Math.max(largest, kernel.emitted().largestMethod());
    }
    return largest;
  }
}
