package io.kotangent.bytecode;

import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelListing;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanNames;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.Step;
import io.kotangent.plan.StepFailure;
import io.kotangent.runtime.Code;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A plan as loaded classes: the program's own, and the kernels' that it shares with others. Holds them; when it is dropped, they
/// can be unloaded. What generated code throws comes out naming the step and the lines that the user wrote.
public final class GeneratedCode implements Code {
  private final Plan plan;
  private final PlanNames names;
  private final String listing;
  private final List<EmittedClass> classes;
  private final Map<String, KernelClass> kernels;
  private final int newKernels;
  private final Map<String, int[]> parts;
  private final Code adapter;
  private final Choice[] choices;
  private final SimdUse use;

  private GeneratedCode(Plan plan, PlanNames names, String listing, Loaded loaded,
      ProgramEmitter.Emitted emitted, Code adapter, SimdUse use) {
    this.use = use;
    this.plan = plan;
    this.names = names;
    this.listing = listing;
    this.classes = emitted.classes();
    this.kernels = loaded.kernels;
    this.newKernels = loaded.added;
    this.choices = loaded.choices.values().toArray(Choice[]::new);
    this.parts = emitted.parts();
    this.adapter = adapter;
  }

  /// Emits and loads a plan. SIMD code that it has is taken when it is faster.
  public static GeneratedCode of(Plan plan, KernelCache cache) {
    return of(plan, cache, SimdUse.WHEN_FASTER);
  }

  /// Emits and loads a plan.
  ///
  /// @param use when SIMD code that the plan has is to be taken
  public static GeneratedCode of(Plan plan, KernelCache cache, SimdUse use) {
    Loaded loaded = new Loaded(cache, plan.signature().symbols());
    loaded.load(plan.steps());
    PlanNames names = new PlanNames(plan);
    ProgramEmitter.Emitted emitted = ProgramEmitter.emit(plan, names, loaded.names, cache.budget());
    GeneratedLoader loader = new GeneratedLoader(names.className());
    for (KernelClass kernel : loaded.kernels.values()) {
      loader.know(kernel.type());
    }
    loader.know(Code.class);
    for (EmittedClass own : emitted.classes()) {
      loader.define(own);
    }
    String listing = PlanPrinter.print(plan, names, loaded.names);
    Code adapter = instantiate(loader.define(ProgramEmitter.adapter(names)));
    GeneratedCode code = new GeneratedCode(plan, names, listing, loaded, emitted, adapter, use);
    if (use == SimdUse.ALWAYS) {
      for (Choice choice : code.choices) {
        choice.simd().forEach(way -> way.kernel().simd().makeReady());
      }
    }
    return code;
  }

  private static Code instantiate(Class<?> adapter) {
    try {
      return (Code) adapter.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the emitted adapter cannot be made", e);
    }
  }

  /// The kernels of a plan, by the names of their classes, and the name for each kernel of the plan.
  private static final class Loaded {
    private final KernelCache cache;
    private final List<String> symbols;
    private final Map<String, KernelClass> kernels = new LinkedHashMap<>();
    private final Map<Kernel, String> names = new IdentityHashMap<>();
    private final Map<Long, Choice> choices = new TreeMap<>();
    private int added;

    Loaded(KernelCache cache, List<String> symbols) {
      this.cache = cache;
      this.symbols = symbols;
    }

    private void load(List<Step> steps) {
      for (Step step : steps) {
        switch (step) {
          case Step.Run run -> {
            if (!names.containsKey(run.kernel())) {
              names.put(run.kernel(), load(run.kernel()));
            }
          }
          case Step.Barrier _ -> {
            // has no kernel
          }
          case Step.Repeat repeat -> load(repeat.body());
          case Step.When when -> {
            load(when.then());
            load(when.otherwise());
            if (Choice.isChoice(when) && !choices.containsKey(when.flag().offset().constant())) {
              choice(when, List.of());
            }
          }
        }
      }
    }

    private void choice(Step.When when, List<Choice.Least> others) {
      List<Choice.Least> least = Choice.least(when, symbols);
      List<Step> otherwise = when.otherwise();
      for (Step step : when.otherwise()) {
        if (step instanceof Step.When again && Choice.isChoice(again)) {
          choice(again, least);
          otherwise = again.otherwise();
        }
      }
      List<Choice.Way> simd = ways(when.then());
      simd.removeIf(way -> !way.kernel().simd().hasSimd());
      choices.put(when.flag().offset().constant(),
          new Choice(simd, ways(otherwise), least, others));
    }

    private List<Choice.Way> ways(List<Step> steps) {
      List<Choice.Way> ways = new ArrayList<>();
      for (Step step : steps) {
        if (step instanceof Step.Run run) {
          KernelClass kernel = kernels.get(names.get(run.kernel()));
          if (kernel != null) {
            ways.add(new Choice.Way(run, kernel));
          }
        }
      }
      return ways;
    }

    private String load(Kernel kernel) {
      Kernel emitted = SoftFma.isNeeded() ? SoftFma.rewrite(kernel) : kernel;
      KernelListing listing = KernelListing.of(emitted);
      boolean known = cache.has(listing);
      KernelClass loaded = cache.get(emitted, listing);
      KernelClass before = kernels.putIfAbsent(listing.className(), loaded);
      if (before != null && before != loaded) {
        throw new CodegenLimit("two kernels have one name, " + listing.className()
            + ": skip a pass such as FuseElementwise, which makes other kernels");
      }
      added += known ? 0 : 1;
      return listing.className();
    }
  }

  @Override
  public void choose(boolean[] flags, int[] sizes) {
    for (int i = 0; i < choices.length; i++) {
      boolean fits = choices[i].fits(sizes);
      flags[i] = fits && choices[i].isWarm();
      if (fits && !flags[i] && use == SimdUse.WHEN_FASTER && choices[i].isNew()) {
        SimdWarmer.ask(choices[i]);
      }
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
    return e;
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

  /// The kernels that it calls, each once, in the order of first use.
  public Collection<KernelClass> kernels() {
    return kernels.values();
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
    for (KernelClass kernel : kernels.values()) {
      largest = Math.max(largest, kernel.emitted().largestMethod());
    }
    return largest;
  }
}
