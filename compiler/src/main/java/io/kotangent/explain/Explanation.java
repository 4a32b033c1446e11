package io.kotangent.explain;

import io.kotangent.bytecode.Compilation;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.CompileWatcher;
import io.kotangent.bytecode.Compiler;
import io.kotangent.bytecode.StepWay;
import io.kotangent.data.TextFile;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Workload;
import io.kotangent.pass.Report;
import io.kotangent.plan.lower.Planned;
import io.kotangent.type.Dim;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Why a program is as it is: what each pass did, which nodes share a kernel and why not more, what lies where, and what was emitted.
///
/// ```java
/// Explanation why = Explanation.of(training.stepGraph());
/// System.out.println(why);            // a report
/// why.write(Path.of("step.html"));    // a page with pictures
/// ```
public final class Explanation {
  private final Graph graph;
  private final Compilation compilation;
  private final List<ExplainedPass> passes;
  private final List<ExplainedStep> steps;
  private final List<ExplainedKernel> kernels;
  private final List<ExplainedArray> arrays;
  private final Map<String, Dim> sizes;

  private Explanation(Graph graph, Compilation compilation, List<ExplainedPass> passes,
      List<ExplainedStep> steps, List<ExplainedKernel> kernels, List<ExplainedArray> arrays,
      Map<String, Dim> sizes) {
    this.graph = graph;
    this.compilation = compilation;
    this.passes = List.copyOf(passes);
    this.steps = List.copyOf(steps);
    this.kernels = List.copyOf(kernels);
    this.arrays = List.copyOf(arrays);
    this.sizes = sizes;
  }

  /// Compiles with [CompileOptions#standard], and explains.
  public static Explanation of(Graph graph) {
    return of(graph, CompileOptions.standard());
  }

  /// Compiles, and explains. Throws what [Compiler#compile] throws.
  public static Explanation of(Graph graph, CompileOptions options) {
    Seen seen = new Seen();
    Compilation compilation = Compiler.compilation(graph, options, seen);
    Planned planned = Objects.requireNonNull(seen.planned);
    List<ExplainedPass> passes = new ArrayList<>(seen.passes);
    Graph last = passes.isEmpty() ? graph : passes.getLast().after();
    passes.add(new ExplainedPass("prepare", Map.of(), last, planned.prepared()));
    Kernels kernels = new Kernels(planned, compilation.code(),
        options.cache().emission().target().fma());
    return new Explanation(graph, compilation, passes, kernels.steps(), kernels.kernels(),
        kernels.arrays(), Map.of());
  }

  private static final class Seen implements CompileWatcher {
    private final List<ExplainedPass> passes = new ArrayList<>();
    private @Nullable Planned planned;

    @Override
    public void passed(Report.Line line, Graph before, Graph after) {
      passes.add(new ExplainedPass(line.pass(), line.hits(), before, after));
    }

    @Override
    public void planned(Planned made) {
      planned = made;
    }
  }

  /// The same with numbers where sizes are known: `Map.of("batch", 64L)`. Sizes that the program does not have are ignored.
  public Explanation at(Map<String, Long> known) {
    Map<String, Dim> more = new TreeMap<>(sizes);
    known.forEach((name, size) -> more.put(name, Dim.of(size)));
    return new Explanation(graph, compilation, passes, steps, kernels, arrays, more);
  }

  /// The graph that was compiled.
  public Graph graph() {
    return graph;
  }

  /// What came of it. Once its program has run, [#ways] tells of that.
  public Compilation compilation() {
    return compilation;
  }

  /// What each pass did, in order.
  public List<ExplainedPass> passes() {
    return passes;
  }

  /// The graph whose nodes kernels compute.
  public Graph prepared() {
    return passes.getLast().after();
  }

  /// What is computed together; bodies of loops and branches come before what applies them.
  public List<ExplainedKernel> kernels() {
    return kernels;
  }

  /// The calls of kernels, in the order of the program's listing.
  public List<ExplainedStep> steps() {
    return steps;
  }

  public List<ExplainedArray> arrays() {
    return arrays;
  }

  /// For each step the way that it was in the last run (before the first: plain loops); nothing for one that was passed by, such as
  /// SIMD code that is not compiled yet.
  public List<Optional<StepWay.Way>> ways() {
    return Ways.of(compilation.plan().steps(), steps, compilation.code().ways());
  }

  /// What a kernel computes, in numbers as far as sizes are known.
  public Workload work(ExplainedKernel kernel) {
    return kernel.work().substitute(sizes);
  }

  /// The bytes that a kernel reads and writes, as a number as far as sizes are known.
  public Dim moved(ExplainedKernel kernel) {
    return kernel.moved().substitute(sizes);
  }

  Dim known(Dim dim) {
    return dim.substitute(sizes);
  }

  /// The report: passes with the lines that went and came, kernels, arrays, the listing. The same for every run on machines of a kind,
  /// until the program has run and ways change.
  @Override
  public String toString() {
    return new ReportText(this).print();
  }

  /// A page that needs nothing else, no network and no server: the graph after each pass as text and as a picture, its kernels, and behind
  /// each box its line, formula, loop code and bytecode.
  public String html() {
    return Page.of(this);
  }

  /// Writes [#html] to a file, wholly or not at all.
  ///
  /// @throws io.kotangent.data.DataException if it cannot be written; what was there before is untouched
  public void write(Path file) {
    TextFile.write(file, html());
  }
}
