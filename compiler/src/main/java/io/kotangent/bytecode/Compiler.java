package io.kotangent.bytecode;

import io.kotangent.ir.Graph;
import io.kotangent.pass.ConstantEvaluator;
import io.kotangent.pass.Dump;
import io.kotangent.pass.LaneEvaluator;
import io.kotangent.pass.Pipeline;
import io.kotangent.pass.Report;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanNames;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPass;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.Target;
import io.kotangent.plan.lower.PlanEvaluator;
import io.kotangent.plan.lower.Planned;
import io.kotangent.plan.lower.Planner;
import io.kotangent.runtime.Code;
import io.kotangent.runtime.Program;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// From a graph to a program that runs: passes, plan, bytecode.
public final class Compiler {
  private Compiler() {
  }

  /// Compiles with [CompileOptions#standard].
  public static Program compile(Graph graph) {
    return compile(graph, CompileOptions.standard());
  }

  public static Program compile(Graph graph, CompileOptions options) {
    return compilation(graph, options).program();
  }

  /// Compiles, and keeps what led to the program: the plan, the classes, a report.
  public static Compilation compilation(Graph graph, CompileOptions options) {
    return compilation(graph, options, Optional.empty());
  }

  /// The same; `watcher` sees what is made on the way.
  public static Compilation compilation(Graph graph, CompileOptions options,
      CompileWatcher watcher) {
    return compilation(graph, options, Optional.of(watcher));
  }

  private static Compilation compilation(Graph graph, CompileOptions options,
      Optional<CompileWatcher> watcher) {
    return CompileRecorder.isOn()
        ? CompileEvent.record(graph, options, () -> compiled(graph, options, watcher))
        : compiled(graph, options, watcher);
  }

  private static Compilation compiled(Graph graph, CompileOptions options,
      Optional<CompileWatcher> watcher) {
    Dump.Files files = options.dump().of(PlanNames.harmless(graph.name(), "program"));
    List<CompileReport.Stage> stages = new ArrayList<>();
    Clock clock = new Clock(stages);
    files.graph("traced", graph);
    Report passes = watcher.map(w -> pipeline(options).run(graph, files, w))
        .orElseGet(() -> passes(graph, options, files));
    files.graph("optimized", passes.graph());
    clock.stage("passes");
    Planned planned = Planner.planned(passes.graph(), planOptions(options));
    watcher.ifPresent(w -> w.planned(planned));
    Plan plan = planned.plan();
    clock.stage("plan");
    files.numbered(Dump.Stage.PLAN, "plan.plan", () -> PlanPrinter.print(plan));
    GeneratedCode code = GeneratedCode.of(plan, options.cache(),
        options.checked() ? SimdUse.NEVER : options.simd());
    clock.stage("code");
    BytecodeDump.write(files, code);
    CompileReport report =
        new CompileReport(stages, passes.lines(), PlanPrinter.lines(plan.steps()),
            code.kernels().size(),
            code.newKernels(), code.largestMethod());
    SimdNotice.give(options.simd());
    Code body = options.checked() ? CheckedCode.of(plan, options.cache()) : code;
    return new Compilation(Program.of(plan.signature(), body), plan, code, report);
  }

  /// The graph as the passes leave it.
  public static Graph optimize(Graph graph, CompileOptions options) {
    return passes(graph, options, Dump.none()).graph();
  }

  private static Report passes(Graph graph, CompileOptions options, Dump.Files files) {
    return pipeline(options).run(graph, files);
  }

  /// The plan that is compiled; what it does can also be interpreted.
  public static Plan plan(Graph graph, CompileOptions options) {
    return Planner.plan(optimize(graph, options), planOptions(options));
  }

  /// The names of all that can be skipped: passes and their rules, then plan passes.
  public static Set<String> passNames() {
    Set<String> names = new LinkedHashSet<>(allPasses(true).names());
    for (PlanPass pass : PlanPass.values()) {
      names.add(pass.toString());
    }
    return names;
  }

  private static Pipeline allPasses(boolean relaxed) {
    ConstantEvaluator evaluator = new LaneEvaluator().or(new PlanEvaluator());
    return relaxed ? Pipeline.relaxed(evaluator) : Pipeline.standard(evaluator);
  }

  private static Pipeline pipeline(CompileOptions options) {
    Pipeline all = allPasses(options.relaxed());
    Set<String> graphPasses = new LinkedHashSet<>(options.skipped());
    Set<String> known = all.names();
    for (PlanPass pass : PlanPass.values()) {
      if (graphPasses.remove(pass.toString()) && known.contains(pass.toString())) {
        graphPasses.add(pass.toString());
      }
    }
    Set<String> anywhere = options.relaxed() ? known : allPasses(true).names();
    if (!anywhere.containsAll(graphPasses)) {
      graphPasses.removeAll(anywhere);
      throw new KotangentException("cannot skip " + graphPasses
          + ": expected names of passes or rules among " + passNames());
    }
    if (!options.stabilize()) {
      graphPasses.add("stabilize");
    }
    graphPasses.retainAll(known);
    return all.without(graphPasses);
  }

  private static PlanOptions planOptions(CompileOptions options) {
    Set<PlanPass> skipped = EnumSet.noneOf(PlanPass.class);
    for (PlanPass pass : PlanPass.values()) {
      if (options.skipped().contains(pass.toString())) {
        skipped.add(pass);
      }
    }
    if (options.checked()) {
      return options.layout().map(PlanOptions.plain()::with).orElseGet(PlanOptions::plain);
    }
    Target machine = options.cache().emission().target();
    PlanOptions plan =
        new PlanOptions(options.layout(), skipped).withTarget(options.simd().target(machine));
    if (options.simd().isAligned(machine)) {
      plan = plan.withAligned();
    }
    return options.simd() == SimdUse.ALWAYS ? plan.everywhere() : plan;
  }

  /// Times stages one after the other.
  private static final class Clock {
    private final List<CompileReport.Stage> stages;
    private long start = System.nanoTime();

    Clock(List<CompileReport.Stage> stages) {
      this.stages = stages;
    }

    void stage(String name) {
      long now = System.nanoTime();
      stages.add(new CompileReport.Stage(name, now - start));
      start = now;
    }
  }
}
