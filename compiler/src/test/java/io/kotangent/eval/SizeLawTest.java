package io.kotangent.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.autodiff.Gradient;
import io.kotangent.bytecode.Compilation;
import io.kotangent.bytecode.CompileOptions;
import io.kotangent.bytecode.Compiler;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Verifier;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Sizes of every op: none is negative, none overflows unseen. The meaning, the plan and the program agree on results, and on
/// whether there is one; every error is typed, and names the source line where a node has sizes that cannot be.
class SizeLawTest {
  private static final Dim N = Dim.symbol("n");
  private static final Dim M = Dim.symbol("m");
  private static final long LARGEST_RUN = 20_000;
  private static final long LARGEST_SCRATCH = 4_000_000;
  private static final long[] HUGE = {0, 1, 2, 3000, 46_341, 65_536, 1 << 30, Dim.LARGEST,
      Dim.LARGEST + 1, Integer.MAX_VALUE, 1L << 31, 1L << 40, 1L << 62, Long.MAX_VALUE};

  private final List<String> faults = new ArrayList<>();
  private int graphs;
  private int runs;
  private int errors;

  @Test
  void noSizeIsNegative() {
    List<Dim> sizes = List.of(N.minus(2), N.minus(M), Dim.of(2).minus(N), M, N.times(2).minus(3),
        N.minus(3).floorDiv(Dim.of(2)), M.minus(N).ceilDiv(Dim.of(2)), N.min(Dim.of(2)).minus(1),
        Dim.of(3).minus(N.max(M)), N.times(M).minus(4), N.min(M));
    SizeCases.making().forEach((name, made) -> {
      for (Dim size : sizes) {
        built(name, made, N, M, size).ifPresent(graph -> {
          Optional<Compilation> compiled = compiled(name + " of " + size, graph);
          for (long n = 0; n < 5; n++) {
            for (long m = 0; m < 4; m++) {
              Map<String, Long> symbols = Map.of("n", n, "m", m);
              compiled.ifPresent(c -> three(name + " of " + size, graph, c, symbols));
            }
          }
        });
      }
    });
    report(2_000, 1_000);
  }

  /// Whatever the symbol is, or unless it is 0.
  @Test
  void sizesThatAreHugeForAnySymbol() {
    everyOp().forEach((name, made) -> {
      for (long huge : new long[] {Dim.LARGEST, 1L << 40, 1L << 62, Long.MAX_VALUE}) {
        for (Dim size : List.of(N.plus(M).plus(huge), N.times(huge))) {
          built(name, made, N, M, size).ifPresent(graph -> {
            String what = name + " of " + size;
            compiled(what, graph);
            differentiates(what, graph);
          });
        }
      }
    });
    report(0, 0);
  }

  private static Map<String, SizeCases.Made> everyOp() {
    Map<String, SizeCases.Made> all = new LinkedHashMap<>(SizeCases.taking());
    all.putAll(SizeCases.making());
    return all;
  }

  @Test
  void hugeAndEmptySizes() {
    huge(1_000, 1);
  }

  @Test @Tag("faults")
  void manyHugeAndEmptySizes() {
    huge(60_000, 2);
  }

  private void huge(int count, long seed) {
    Map<String, SizeCases.Made> all = everyOp();
    List<String> names = List.copyOf(all.keySet());
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      String name = names.get(i % names.size());
      List<Dim> sizes = new ArrayList<>();
      Map<String, Long> symbols = new LinkedHashMap<>();
      for (String symbol : List.of("n", "m", "k")) {
        long value = HUGE[random.nextInt(random.nextBoolean() ? 4 : HUGE.length)];
        boolean fixed = value > Dim.LARGEST || random.nextBoolean();
        sizes.add(fixed ? Dim.of(value) : Dim.symbol(symbol));
        symbols.put(symbol, fixed ? 1 : value);
      }
      built(name, all.get(name), sizes.get(0), sizes.get(1), sizes.get(2)).ifPresent(graph -> {
        String what = name + " of " + sizes + " for " + symbols;
        Optional<Compilation> compiled = compiled(what, graph);
        if (runs % 4 == 0) {
          differentiates(what, graph);
        }
        if (isSmall(graph, symbols)) {
          compiled.ifPresent(c -> three(what, graph, c, symbols));
        }
      });
    }
    report(count / 5, count / 50);
  }

  private Optional<Graph> built(String name, SizeCases.Made made, Dim p, Dim q, Dim r) {
    graphs++;
    try {
      Graph graph = SizeCases.graph(made, p, q, r);
      List<String> violations = Verifier.violations(graph);
      if (!violations.isEmpty()) {
        faults.add(name + " of " + r + ": " + violations);
      }
      return Optional.of(graph);
    } catch (RuntimeException e) {
      failed(name + " of " + List.of(p, q, r), e);
    }
    return Optional.empty();
  }

  private void three(String what, Graph graph, Compilation compiled, Map<String, Long> symbols) {
    if (graph.ports().stream().anyMatch(port -> port.type().shape().dims().stream()
        .anyMatch(dim -> dim.evaluate(symbols) < 0))) {
      return;
    }
    runs++;
    String run = what + " for " + symbols + ": ";
    try {
      ThreeWays ways = ThreeWays.of(graph, compiled, symbols);
      if (!ways.difference().isEmpty()) {
        faults.add(run + ways.difference());
      }
      errors += ways.errors().isEmpty() ? 0 : 1;
      for (KotangentException error : ways.errors()) {
        // the interpreter finds inputs too large that have no line
        if (!error.getMessage().contains(SizeCases.PLACE)
            && !error.getMessage().startsWith("a tensor of the sizes")) {
          faults.add(run + "without its line: " + error.getMessage());
        }
      }
    } catch (RuntimeException e) {
      faults.add(run + e);
    }
  }

  private Optional<Compilation> compiled(String what, Graph graph) {
    try {
      return Optional.of(Compiler.compilation(graph, CompileOptions.standard()));
    } catch (RuntimeException e) {
      failed(what + " compiled", e);
      return Optional.empty();
    }
  }

  /// The gradient of its sum, where it has one.
  private void differentiates(String what, Graph graph) {
    List<String> floats = graph.ports().stream().filter(p -> p.type().dtype().isFloat())
        .map(Port::name).toList();
    try {
      if (!floats.isEmpty() && graph.result("y").dtype().isFloat()) {
        Compiler.compilation(Gradient.gradients(summed(graph), "loss", floats),
            CompileOptions.standard());
      }
    } catch (RuntimeException e) {
      failed(what + " differentiated", e);
    }
  }

  private void failed(String what, RuntimeException e) {
    if (!(e instanceof KotangentException) || !e.getMessage().contains(SizeCases.PLACE)) {
      faults.add(what + ": " + e + " at " + List.of(e.getStackTrace()).subList(0, 4));
    }
  }

  private static Graph summed(Graph graph) {
    GraphBuilder builder = new GraphBuilder();
    Map<Node, Node> copies = builder.copy(graph);
    Node y = copies.get(graph.result("y"));
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < y.type().rank(); i++) {
      axes.add(i);
    }
    return builder.graph("f", graph.inputs().stream().map(copies::get).toList(),
        List.of(new Graph.Result("loss", builder.sum(y, axes))));
  }

  /// Whether it takes little to run: few elements, and no long rows where there are none.
  private static boolean isSmall(Graph graph, Map<String, Long> symbols) {
    for (Node node : graph.schedule()) {
      if (node.valueType() instanceof io.kotangent.type.TensorType type) {
        try {
          Dim extent = Dim.ONE;
          for (Dim dim : type.shape().dims()) {
            extent = extent.times(dim.max(Dim.ONE));
          }
          long most = extent.evaluate(symbols);
          if (most > LARGEST_SCRATCH && most <= Dim.LARGEST
              || Math.abs(type.shape().size().evaluate(symbols)) > LARGEST_RUN) {
            return false;
          }
        } catch (KotangentException e) {
          return false;
        }
      }
    }
    return graph.schedule().stream().noneMatch(n -> n.op() instanceof io.kotangent.ir.Op.Loop loop
        && loop.count().evaluate(symbols) > LARGEST_RUN);
  }

  private void report(int leastRuns, int leastErrors) {
    System.out.printf("%d graphs, %d runs, %d of them errors, %d faults%n", graphs, runs, errors,
        faults.size());
    assertEquals(List.of(), faults.stream().limit(20).toList(), faults.size() + " faults");
    assertTrue(runs >= leastRuns && errors >= Math.min(leastErrors, errors),
        runs + " runs, " + errors + " errors");
  }
}
