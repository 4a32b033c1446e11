package io.kotangent.assertions;

import io.kotangent.bytecode.Compilation;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.explain.ExplainedKernel;
import io.kotangent.explain.Explanation;
import io.kotangent.ir.Graph;
import io.kotangent.plan.PlanMemory;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.type.Dim;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What is asserted of a compiled program: its plan, its kernels, its classes, and what a run costs.
public final class CompiledAssert {
  private static final int WARM_UP = 50;
  private static final int RUNS = 20;
  private static final int SHOWN = 5;

  private final Optional<Graph> graph;
  private final Optional<CompileOptions> options;
  private final Compilation compilation;
  private final Map<String, Long> sizes;
  private final Map<String, Object> arrays;

  CompiledAssert(Compilation compilation) {
    this.graph = Optional.empty();
    this.options = Optional.empty();
    this.compilation = compilation;
    this.sizes = Map.of();
    this.arrays = Map.of();
  }

  CompiledAssert(Graph graph, CompileOptions options, Map<String, Long> sizes,
      Map<String, Object> arrays) {
    this.graph = Optional.of(graph);
    this.options = Optional.of(options);
    this.compilation = Compiler.compilation(graph, options);
    this.sizes = new LinkedHashMap<>(sizes);
    this.arrays = new LinkedHashMap<>(arrays);
  }

  private String what() {
    return "program " + compilation.program().name();
  }

  /// The listing of its plan: arrays and steps. Source lines are not in it.
  public TextAssert plan() {
    String text = PlanPrinter.print(compilation.plan());
    return new TextAssert(text.lines().map(line -> line.replaceFirst(" // .*", "") + "\n")
        .collect(Collectors.joining()), "the plan of " + what());
  }

  /// The listing of its code: each kernel as loops, with source lines.
  public TextAssert listing() {
    return new TextAssert(compilation.code().listing(), "the listing of " + what());
  }

  /// Its kernels read and write at most so many bytes: each value from outside once, each for outside once.
  public CompiledAssert movesAtMost(long most, Map<String, Long> at) {
    Explanation explanation = Explanation.of(from("movesAtMost"), options.orElseThrow()).at(at);
    Map<ExplainedKernel, Long> moved = new LinkedHashMap<>();
    explanation.kernels().stream().filter(kernel -> !kernel.steps().isEmpty())
        .forEach(kernel -> moved.put(kernel, bytes(explanation.moved(kernel), at)));
    long is = moved.values().stream().mapToLong(Long::longValue).sum();
    if (is > most) {
      throw new AssertionError(what() + " at " + at + ": expected at most " + most
          + " bytes moved, got " + is + ". The most are of\n" + moved.entrySet().stream()
              .sorted(Map.Entry.<ExplainedKernel, Long>comparingByValue().reversed()).limit(SHOWN)
              .map(part -> "  " + part.getValue() + " bytes: " + part.getKey())
              .collect(Collectors.joining("\n")));
    }
    return this;
  }

  private long bytes(Dim moved, Map<String, Long> at) {
    if (!moved.isConstant()) {
      throw new AssertionError(what() + ": expected the sizes of all symbols, got " + at
          + ": there is left " + moved);
    }
    return moved.constant();
  }

  private Graph from(String assertion) {
    return graph.orElseThrow(() -> new AssertionError(
        assertion + " needs the graph: begin with assertThat(graph).compiled()"));
  }

  /// Different kernels that it calls.
  public CompiledAssert hasAtMostKernels(int most) {
    atMost(compilation.report().kernels(), most, "kernels");
    return this;
  }

  /// Lines of steps in its listing.
  public CompiledAssert hasAtMostSteps(int most) {
    atMost(compilation.report().steps(), most, "steps");
    return this;
  }

  /// Bytes of bytecode of its largest method. The JIT of HotSpot leaves those of more than 8000 alone.
  public CompiledAssert hasMethodsOfAtMost(int bytes) {
    atMost(compilation.report().largestMethod(), bytes, "bytes of bytecode in a method");
    return this;
  }

  /// Bytes of intermediate values, by one thread, at given sizes.
  public CompiledAssert needsWorkspaceOfAtMost(long bytes, Map<String, Long> at) {
    long needed = PlanMemory.of(compilation.plan()).peak(at, 1);
    atMost(needed, bytes, "bytes of workspace at " + at);
    return this;
  }

  private void atMost(long is, long most, String unit) {
    if (is > most) {
      throw new AssertionError(what() + ": expected at most " + most + " " + unit + ", got " + is
          + "\n" + PlanPrinter.print(compilation.plan()));
    }
  }

  /// A run, once the sizes were seen, allocates nothing on the heap of its thread.
  public CompiledAssert allocatesNothing() {
    if (!(ManagementFactory
        .getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads)) {
      throw new AssertionError("this JVM does not count what threads allocate");
    }
    Graph of = from("allocatesNothing");
    Samples.Run run =
        new Samples(of, sizes, arrays, 1).feed(compilation.program(), 1);
    for (int i = 0; i < WARM_UP; i++) {
      run.program().run(run.workspace(), run.state());
    }
    long least = Long.MAX_VALUE;
    for (int i = 0; i < RUNS; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      run.program().run(run.workspace(), run.state());
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    if (least > 0) {
      throw new AssertionError(what() + ": a run allocates " + least + " bytes");
    }
    return this;
  }
}
