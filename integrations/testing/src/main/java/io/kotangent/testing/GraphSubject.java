package io.kotangent.testing;

import io.kotangent.assertions.Assertions;
import io.kotangent.assertions.CompiledAssert;
import io.kotangent.assertions.GradientAssert;
import io.kotangent.assertions.GraphAssert;
import io.kotangent.assertions.WorkAssert;
import io.kotangent.ir.Graph;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractAssert;

/// A graph in the words of AssertJ: descriptions by `as`, soft assertions, chains. Each method is that of [GraphAssert].
public final class GraphSubject extends AbstractAssert<GraphSubject, Graph> {
  GraphSubject(Graph graph) {
    super(graph, GraphSubject.class);
  }

  private GraphSubject holds(Consumer<GraphAssert> assertion) {
    isNotNull();
    try {
      assertion.accept(Assertions.assertThat(actual));
    } catch (AssertionError e) {
      AssertionError described = failure("%s", e.getMessage());
      described.initCause(e);
      throw described;
    }
    return this;
  }

  /// [GraphAssert#printsAs].
  public GraphSubject printsAs(String expected) {
    return holds(graph -> graph.printsAs(expected));
  }

  /// [GraphAssert#matchesGolden].
  public GraphSubject matchesGolden(Path file) {
    return holds(graph -> graph.matchesGolden(file));
  }

  /// [GraphAssert#fits].
  public GraphSubject fits(String pattern) {
    return holds(graph -> graph.fits(pattern));
  }

  /// [GraphAssert#has].
  public GraphSubject has(String formula) {
    return holds(graph -> graph.has(formula));
  }

  /// [GraphAssert#hasNo].
  public GraphSubject hasNo(String formula) {
    return holds(graph -> graph.hasNo(formula));
  }

  /// [GraphAssert#hasNodes].
  public GraphSubject hasNodes(int count, String mnemonic) {
    return holds(graph -> graph.hasNodes(count, mnemonic));
  }

  /// [GraphAssert#isEqualUpToNamesTo].
  public GraphSubject isEqualUpToNamesTo(Graph expected) {
    return holds(graph -> graph.isEqualUpToNamesTo(expected));
  }

  /// The graph as the passes leave it.
  public GraphSubject optimized() {
    isNotNull();
    return new GraphSubject(Assertions.assertThat(actual).optimized().graph());
  }

  /// Something of its gradient: `hasGradient("w", GradientAssert::agreesWithFiniteDifferences)`.
  public GraphSubject hasGradient(String input, Consumer<GradientAssert> assertion) {
    return holds(graph -> assertion.accept(graph.gradientOf(input)));
  }

  /// Something of how much it computes: `computes(Map.of("batch", 64L), work -> work.hasAtMostFlops(1_000_000))`.
  public GraphSubject computes(Map<String, Long> sizes, Consumer<WorkAssert> assertion) {
    return holds(graph -> assertion.accept(graph.work(sizes)));
  }

  /// Something of its program: `compilesTo(program -> program.hasAtMostKernels(3))`.
  public GraphSubject compilesTo(Consumer<CompiledAssert> assertion) {
    return holds(graph -> assertion.accept(graph.compiled()));
  }

  /// [GraphAssert#compiledEqualsInterpreted].
  public GraphSubject compiledEqualsInterpreted() {
    return holds(GraphAssert::compiledEqualsInterpreted);
  }

  /// [GraphAssert#sameBitsFor].
  public GraphSubject sameBitsFor(List<Integer> threads, List<Integer> vectorBits) {
    return holds(graph -> graph.sameBitsFor(threads, vectorBits));
  }

  /// [GraphAssert#stableFor].
  public GraphSubject stableFor(String input, double low, double high) {
    return holds(graph -> graph.stableFor(input, low, high));
  }
}
