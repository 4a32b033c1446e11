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
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
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
  private final CompileOptions options;
  private final Compilation compilation;
  private final List<ExplainedPass> passes;
  private final List<ExplainedStep> steps;
  private final List<ExplainedKernel> kernels;
  private final List<ExplainedArray> arrays;
  private final Map<String, Dim> sizes;
  private final Optional<Measurement> measurement;

  private Explanation(Graph graph, CompileOptions options, Compilation compilation,
      List<ExplainedPass> passes, Kernels kernels) {
    this.graph = graph;
    this.options = options;
    this.compilation = compilation;
    this.passes = List.copyOf(passes);
    this.steps = List.copyOf(kernels.steps());
    this.kernels = List.copyOf(kernels.kernels());
    this.arrays = List.copyOf(kernels.arrays());
    this.sizes = Map.of();
    this.measurement = Optional.empty();
  }

  private Explanation(Explanation same, Map<String, Dim> sizes,
      Optional<Measurement> measurement) {
    this.graph = same.graph;
    this.options = same.options;
    this.compilation = same.compilation;
    this.passes = same.passes;
    this.steps = same.steps;
    this.kernels = same.kernels;
    this.arrays = same.arrays;
    this.sizes = sizes;
    this.measurement = measurement;
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
        options.cache().emission());
    return new Explanation(graph, options, compilation, passes, kernels);
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
    return new Explanation(this, more, measurement);
  }

  /// The same with times on this machine: runs the program for some seconds, by one thread, with these inputs, until it is no longer getting faster,
  /// and then measures it, each step, and what one core does at best. Parameters are drawn, all else that is kept is 0.
  ///
  /// ```java
  /// Explanation.of(training.stepGraph()).measured(Map.of("image", images, "label", labels)).write(page);
  /// ```
  ///
  /// @param inputs for each input a primitive array of its element type, row-major; sizes follow from their lengths, or are those of [#at]
  /// @throws io.kotangent.runtime.FeedException if one is missing or does not fit
  /// @throws KotangentException if the program is a checked one
  public Explanation measured(Map<String, ?> inputs) {
    return measured(inputs, Drawn.state(compilation.program()));
  }

  /// The same with parameters and all else that is kept as they are there, by name; what is there stays as it is.
  ///
  /// @throws KotangentException also if the state has no values for one of them
  public Explanation measured(Map<String, ?> inputs, ModelState state) {
    if (options.checked()) {
      throw new KotangentException("program " + graph.name()
          + " is a checked one, whose times are those of its checks: expected one that was compiled with checked(false)");
    }
    Program program = compilation.program();
    Workspace workspace = program.newWorkspace();
    inputs.forEach(workspace::feedArray);
    sizes.forEach((name, size) -> {
      if (program.signature().symbols().contains(name)) {
        workspace.size(name, (int) size.constant());
      }
    });
    ModelState start = program.newState();
    start.setAll(state.arrays(start.ports().stream().map(Port::name).toList()));
    Measurement measured = new Stopwatch(this, workspace, start,
        options.cache().emission().target().fma()).measure();
    return new Explanation(this, at(measured.sizes()).sizes, Optional.of(measured));
  }

  /// What was measured, if anything was ([#measured]).
  public Optional<Measurement> measurement() {
    return measurement;
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
