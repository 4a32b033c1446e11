package io.kotangent.assertions;

import io.kotangent.autodiff.Gradient;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.bytecode.SimdUse;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.TermParser;
import io.kotangent.rewrite.Occurrences;
import io.kotangent.formula.Formula;
import io.kotangent.text.GraphDifferences;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.DType;
import io.kotangent.type.Port;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What is asserted of a graph. Nothing changes it: [#optimized], [#gradientOf] and [#compiled] go on with another subject.
public final class GraphAssert {
  private final Graph graph;
  private final String what;
  private final Map<String, Long> sizes = new LinkedHashMap<>();
  private final Map<String, Object> arrays = new LinkedHashMap<>();

  GraphAssert(Graph graph) {
    this(graph, "graph " + graph.name());
  }

  private GraphAssert(Graph graph, String what) {
    this.graph = graph;
    this.what = what;
  }

  /// What is asserted of.
  public Graph graph() {
    return graph;
  }

  /// The number that a symbolic size is, where the graph is run; by default 3, 4, 5 … in the order of their names.
  public GraphAssert withSize(String symbol, long size) {
    sizes.put(symbol, size);
    return this;
  }

  /// What an input, parameter or state holds where the graph is run: a primitive array of its type. Others are drawn, the same each time.
  public GraphAssert with(String port, Object array) {
    arrays.put(port, array);
    return this;
  }

  // ---- text

  /// Its text, without source lines.
  public TextAssert text() {
    return new TextAssert(GraphPrinter.printWithoutOrigins(graph), what);
  }

  /// The text form, without source lines.
  public GraphAssert printsAs(String expected) {
    text().is(expected);
    return this;
  }

  /// The text of a file beside the tests. With `-Dkotangent.golden=update` the file is written instead.
  public GraphAssert matchesGolden(Path file) {
    text().matchesGolden(file);
    return this;
  }

  /// What stands in its text, as [TextAssert#fits] has it.
  public GraphAssert fits(String pattern) {
    text().fits(pattern);
    return this;
  }

  /// What a result computes, as [Formula] prints it for people: `y = exp(x)`.
  public GraphAssert resultReads(String result, String formula) {
    graph.result(existing(result));
    String unicode = Formula.of(graph, result, List.of()).unicode();
    if (!unicode.equals(formula)) {
      throw new AssertionError(
          "result " + result + " of " + what + ": expected\n  " + formula + "\ngot\n  " + unicode);
    }
    return this;
  }

  // ---- structure

  /// The same computations, in the same way; names of inputs, results and the graph may differ.
  public GraphAssert isEqualUpToNamesTo(Graph expected) {
    GraphDifferences differences = GraphDifferences.between(expected, graph);
    if (!differences.isEmpty()) {
      throw new AssertionError(what + " (+) is another than " + expected.name() + " (-), "
          + differences);
    }
    return this;
  }

  /// The same computations by the same names.
  public GraphAssert isEqualTo(Graph expected) {
    isEqualUpToNamesTo(expected);
    Map<String, String> renamed = GraphDifferences.between(expected, graph).renamed();
    if (!renamed.isEmpty()) {
      throw new AssertionError(what + " is equal but for names: " + renamed.entrySet().stream()
          .map(name -> name.getKey() + " is " + name.getValue()).collect(Collectors.joining(", ")));
    }
    return this;
  }

  /// Its nodes, to be asked for by mnemonic, scope and source line.
  public Nodes nodes() {
    return Nodes.of(graph);
  }

  /// Some node computes this of any others: `exp(a)`, `log(1+exp(a))`, `a*sigmoid(a)`; `a b c d` stand for anything.
  ///
  /// @throws io.kotangent.type.KotangentException if it is no formula
  public GraphAssert has(String formula) {
    if (found(formula).isEmpty()) {
      throw new AssertionError(
          what + " has no " + formula + ":\n" + GraphPrinter.print(graph));
    }
    return this;
  }

  /// No node computes this of any others.
  ///
  /// @throws io.kotangent.type.KotangentException if it is no formula
  public GraphAssert hasNo(String formula) {
    List<Node> found = found(formula);
    if (!found.isEmpty()) {
      throw new AssertionError(what + " has " + formula + ", at " + found.size()
          + (found.size() == 1 ? " node:" : " nodes:")
          + found.stream().map(nodes()::line).collect(Collectors.joining("\n  ", "\n  ", ""))
          + "\nin\n" + GraphPrinter.print(graph));
    }
    return this;
  }

  private List<Node> found(String formula) {
    return Occurrences.of(TermParser.parse(formula), graph);
  }

  /// How many nodes have a mnemonic: `contract`, `exp`, `reduce.sum`; `reduce` counts each `reduce.…`.
  public GraphAssert hasNodes(int count, String mnemonic) {
    Nodes nodes = nodes().mnemonic(mnemonic);
    if (nodes.size() != count) {
      throw new AssertionError(
          what + ": expected " + count + " × " + mnemonic + ", got " + nodes + "\nin\n"
              + GraphPrinter.print(graph));
    }
    return this;
  }

  /// No node has that mnemonic.
  public GraphAssert hasNoNode(String mnemonic) {
    return hasNodes(0, mnemonic);
  }

  // ---- other subjects

  /// The graph as the passes leave it.
  public GraphAssert optimized() {
    return optimized(CompileOptions.standard());
  }

  /// The graph as the passes leave it.
  public GraphAssert optimized(CompileOptions options) {
    return other(Compiler.optimize(graph, options), what + ", optimized");
  }

  private GraphAssert other(Graph next, String name) {
    GraphAssert other = new GraphAssert(next, name);
    other.sizes.putAll(sizes);
    other.arrays.putAll(arrays);
    return other;
  }

  /// The gradient of its only float result that is one number with respect to an input or parameter.
  public GradientAssert gradientOf(String input) {
    List<String> numbers =
        graph.results().stream().filter(result -> result.node().type().rank() == 0
            && result.node().dtype().isFloat()).map(Graph.Result::name).toList();
    if (numbers.size() != 1) {
      throw new AssertionError(what + " has " + numbers.size() + " results that are one number, "
          + numbers + ": say which, by gradientOf(result, input)");
    }
    return gradientOf(numbers.getFirst(), input);
  }

  /// The gradient of a result that is one number with respect to an input or parameter.
  public GradientAssert gradientOf(String result, String input) {
    existing(result);
    List<String> ports = graph.ports().stream().map(Port::name).toList();
    if (!ports.contains(input)) {
      throw new AssertionError(what + " has no input or parameter '" + input + "': expected "
          + Nearest.of(input, ports));
    }
    Graph gradients = Gradient.gradients(graph, result, List.of(input));
    return new GradientAssert(this, gradients, result, input);
  }

  private String existing(String result) {
    List<String> names = graph.results().stream().map(Graph.Result::name).toList();
    if (!names.contains(result)) {
      throw new AssertionError(
          what + " has no result '" + result + "': expected " + Nearest.of(result, names));
    }
    return result;
  }

  /// How much it computes and moves as it is written, with these sizes: `work(Map.of("batch", 64L)).hasAtMostFlops(1_000_000)`.
  public WorkAssert work(Map<String, Long> at) {
    return new WorkAssert(graph, what, at);
  }

  /// Its program, with the standard options but without SIMD code: the same whatever the JVM's options are.
  public CompiledAssert compiled() {
    return compiled(CompileOptions.standard().with(SimdUse.NEVER));
  }

  /// Its program.
  public CompiledAssert compiled(CompileOptions options) {
    return new CompiledAssert(graph, options, sizes, arrays);
  }

  // ---- meaning

  /// The compiled program computes what the graph means: as the interpreter does it in f64, within `tolerance` of the largest number
  /// that occurs.
  public GraphAssert compiledEqualsInterpreted(double tolerance) {
    new Meaning(graph, samples(1), what).compiledEquals(tolerance);
    return this;
  }

  /// Within 1e-4 for f32, 1e-10 for f64.
  public GraphAssert compiledEqualsInterpreted() {
    return compiledEqualsInterpreted(
        nodes().dtype(DType.F32).isEmpty() ? Meaning.F64 : Meaning.F32);
  }

  /// All bits of results and states are the same whatever the number of threads and the width of vectors.
  public GraphAssert sameBitsFor(List<Integer> threads, List<Integer> vectorBits) {
    new Meaning(graph, samples(1), what).sameBits(threads, vectorBits);
    return this;
  }

  /// The program is run with *all* elements of an input at one number, for some sixty numbers: 41 from `low` to `high`, 0 if it is between, and from
  /// both ends towards 0 by powers of ten; the other inputs are as they are drawn. Each float of its results must be within 4096 units in the last
  /// place of what the graph means in f64, as it is written or as the passes leave it. So it finds overflow, cancellation and NaNs of
  /// formulas, not what one extreme element does among ordinary ones: that is said by [#with].
  public GraphAssert stableFor(String input, double low, double high) {
    new Meaning(graph, samples(1), what).stableFor(input, low, high);
    return this;
  }

  Samples samples(long seed) {
    return new Samples(graph, sizes, arrays, seed);
  }

  @Override
  public String toString() {
    return what;
  }
}
