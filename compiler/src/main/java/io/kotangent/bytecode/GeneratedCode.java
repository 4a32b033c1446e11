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
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanNames;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.StepFailure;
import io.kotangent.plan.StepLines;
import io.kotangent.runtime.Code;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicBoolean;

/// A plan as loaded classes: the program's own, and the kernels' that it shares with others. Holds them; when it is dropped, they
/// can be unloaded. Of the plan it keeps a table of lines. What generated code throws comes out naming the step and the lines that the user wrote.
public final class GeneratedCode implements Code {
  private final StepLines lines;
  private final List<String> symbols;
  /// The line of the listing where updates begin.
  private final int firstUpdate;
  private final boolean isGuarded;
  private final byte[] listing;
  private final List<EmittedClass> classes;
  private final Map<String, KernelClass> kernels;
  private final List<LateKernel> late;
  private final int newKernels;
  private final Map<String, int[]> parts;
  private final Code adapter;
  private final Choice[] choices;
  private final SimdUse use;
  private final AtomicBoolean early = new AtomicBoolean();
  private final KnownWays known = new KnownWays();
  private volatile ChoiceWork work = ChoiceWork.NONE;
  /// So far, about: threads may miss one of each other.
  private long runs;
  /// Those of the last run.
  private volatile boolean[] flags = {};
  private volatile boolean settled;

  private GeneratedCode(Plan plan, StepLines lines, byte[] listing,
      LoadedKernels loaded, Choice[] choices, ProgramEmitter.Emitted emitted, Code adapter,
      SimdUse use) {
    this.use = use;
    this.lines = lines;
    this.symbols = plan.signature().symbols();
    this.firstUpdate = FirstUpdate.line(plan);
    this.isGuarded = plan.guard().isPresent();
    this.listing = listing;
    this.classes = emitted.classes();
    this.kernels = loaded.kernels();
    this.late = List.copyOf(loaded.late().values());
    this.newKernels = loaded.added();
    this.choices = choices;
    this.parts = emitted.parts();
    this.adapter = adapter;
    for (Choice choice : choices) {
      choice.countRuns(() -> runs);
    }
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
    GeneratedCode code = new GeneratedCode(plan, StepLines.of(plan, names, loaded.names()),
        Packed.pack(listing), loaded, choices, emitted, adapter, use);
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

  @Override
  public void choose(boolean[] ways, int[] sizes) {
    try {
      chooseFaster(ways, sizes);
    } catch (OutOfMemoryError | LinkageError _) { // for a class that there was no room for is missing from then on
      Arrays.fill(ways, 0, choices.length, false); // plain loops need no more memory than there is
    }
  }

  private void chooseFaster(boolean[] ways, int[] sizes) {
    runs++;
    int changes = SimdState.changes();
    boolean stay = known.find(changes, sizes, ways);
    if (!stay && decide(ways, sizes)) {
      stay = true;
      known.add(changes, sizes, Arrays.copyOf(ways, choices.length));
    }
    if (settled != stay) {
      settled = stay;
    }
    if (flags != ways) {
      flags = ways;
    }
  }

  /// Sets the flags. Returns whether they hold for further runs: not while something may still have to be asked for.
  private boolean decide(boolean[] ways, int[] sizes) {
    boolean settled = true;
    for (int i = 0; i < choices.length; i++) {
      boolean fits = choices[i].fits(sizes);
      ways[i] = fits && choices[i].isWarm();
      if (fits && !ways[i] && use == SimdUse.WHEN_FASTER && choices[i].isOpen(sizes)) {
        settled = false;
        ask(i, sizes);
      }
    }
    return settled;
  }

  private void ask(int choice, int[] sizes) {
    ChoiceWork now = work;
    if (!now.isFor(sizes)) {
      now = ChoiceWork.of(choices, symbols, sizes);
      work = now;
    }
    if (now.of(choice) > Choice.MUCH && early.compareAndSet(false, true)) {
      kernels.values().forEach(kernel -> kernel.rows().forEach(EarlyCalls::of));
    }
    if (choices[choice].isDue(sizes, now.of(choice), now.isLittle(choice))) {
      choices[choice].costs(now.ofKernels(choice));
      boolean taken = false;
      try {
        taken = SimdWarmer.ask(choices[choice]);
      } finally {
        if (!taken) {
          choices[choice].askLater();
        }
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

  /// `plain loops`, `SIMD code in 3 of 7 choices`.
  @Override
  public String way(boolean[] taken) {
    int simd = 0;
    for (int i = 0; i < choices.length; i++) {
      simd += isTaken(taken, i) ? 1 : 0;
    }
    return simd == 0 ? "plain loops" : "SIMD code in " + simd + " of " + choices.length + " choices";
  }

  /// Updates come last, and under a guard after a barrier: what was thrown on a line before them left all as it was.
  @Override
  public boolean mayHaveUpdated(Throwable thrown, int threads) {
    if (threads > 1 && !isGuarded) {
      return true;
    }
    if (thrown instanceof KotangentException) {
      return false;
    }
    for (StackTraceElement frame : thrown.getStackTrace()) {
      if (lines.file().equals(frame.getFileName())) {
        int[] range = parts.get(frame.getClassName() + "." + frame.getMethodName());
        return (range == null ? frame.getLineNumber() : range[1]) >= firstUpdate;
      }
    }
    return thrown.getStackTrace().length == 0;
  }

  private RuntimeException translate(RuntimeException e) {
    if (e.getStackTrace().length == 0) {
      return StepFailure.untraced(lines, e);
    }
    for (StackTraceElement frame : e.getStackTrace()) {
      if (lines.file().equals(frame.getFileName())) {
        Optional<StepLines.Line> step = lines.at(frame.getLineNumber());
        if (step.isPresent()) {
          return StepFailure.of(lines, step.get(), e);
        }
        int[] range = parts.get(frame.getClassName() + "." + frame.getMethodName());
        if (range != null) {
          return StepFailure.within(lines, range[0], range[1], e);
        }
      }
    }
    return StepFailure.within(lines, lines.lines().getFirst().line(),
        lines.lines().getLast().line(),
        e);
  }

  /// The way that each step took in the last run, in the order of the listing; before the first, plain loops.
  public List<StepWay> ways() {
    boolean[] last = flags;
    List<StepWay> ways = new ArrayList<>();
    for (StepLines.Line line : lines.lines()) {
      if (line.turns().stream().allMatch(turn -> turn.first() == isTaken(last, turn.flag()))) {
        ways.add(way(line));
      }
    }
    return ways;
  }

  private static boolean isTaken(boolean[] last, int flag) {
    return flag < last.length && last[flag];
  }

  private StepWay way(StepLines.Line line) {
    StepWay.Way way = line.turns().isEmpty() ? StepWay.Way.ONLY
        : line.turns().getLast().first() ? StepWay.Way.SIMD : StepWay.Way.PLAIN;
    Optional<SimdState.Measured> measured = line.turns().reversed().stream()
        .flatMap(turn -> choices[turn.flag()].measured().stream()).findFirst();
    return new StepWay(line.step(), line.kernel(), way,
        measured.map(m -> OptionalDouble.of(m.simd())).orElseGet(OptionalDouble::empty),
        measured.map(m -> OptionalDouble.of(m.plain())).orElseGet(OptionalDouble::empty));
  }

  /// Whether nothing is left to be tried for the sizes of the last run: its ways stay.
  public boolean isSettled() {
    return settled;
  }

  /// The program's listing: what its line numbers point into.
  public String listing() {
    return Packed.unpack(listing);
  }

  /// The listing's file name, and that of the program class's source: `digits.ir`.
  public String fileName() {
    return lines.file();
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
