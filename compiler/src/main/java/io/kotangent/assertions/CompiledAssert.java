package io.kotangent.assertions;

import io.kotangent.bytecode.Compilation;
import io.kotangent.ir.Graph;
import io.kotangent.plan.PlanMemory;
import io.kotangent.plan.PlanPrinter;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What is asserted of a compiled program: its plan, its kernels, its classes, and what a run costs.
public final class CompiledAssert {
  private static final int WARM_UP = 50;
  private static final int RUNS = 20;

  private final Optional<Graph> graph;
  private final Compilation compilation;
  private final Map<String, Long> sizes;
  private final Map<String, Object> arrays;

  CompiledAssert(Compilation compilation) {
    this(Optional.empty(), compilation, Map.of(), Map.of());
  }

  CompiledAssert(Graph graph, Compilation compilation, Map<String, Long> sizes,
      Map<String, Object> arrays) {
    this(Optional.of(graph), compilation, sizes, arrays);
  }

  private CompiledAssert(Optional<Graph> graph, Compilation compilation, Map<String, Long> sizes,
      Map<String, Object> arrays) {
    this.graph = graph;
    this.compilation = compilation;
    this.sizes = new LinkedHashMap<>(sizes);
    this.arrays = new LinkedHashMap<>(arrays);
  }

  private String what() {
    return "program " + compilation.program().name();
  }

  /// The listing of its plan: arrays and steps.
  public TextAssert plan() {
    return new TextAssert(PlanPrinter.print(compilation.plan()), "the plan of " + what());
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
    Graph of = graph.orElseThrow(() -> new AssertionError(
        "allocatesNothing needs inputs: begin with assertThat(graph).compiled()"));
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
