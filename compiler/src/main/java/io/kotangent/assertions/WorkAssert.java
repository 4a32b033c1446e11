package io.kotangent.assertions;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Workload;
import io.kotangent.text.NodeLines;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What is asserted of how much a graph computes as it is written, at given sizes. A flop is an addition, a multiplication or any other
/// function of one element; what a loop's body computes counts as often as it runs ([Workload]).
public final class WorkAssert {
  private static final int SHOWN = 5;

  private final Graph graph;
  private final String what;
  private final Map<String, Dim> sizes = new LinkedHashMap<>();

  WorkAssert(Graph graph, String what, Map<String, Long> sizes) {
    this.graph = graph;
    this.what = what;
    sizes.forEach((name, size) -> this.sizes.put(name, Dim.of(size)));
  }

  /// Exactly so many flops: two for each multiply-add, one for each other operation.
  public WorkAssert hasFlops(long flops) {
    long is = number(flops(Workload.of(graph)));
    if (is != flops) {
      throw failure("expected " + flops + " flops", is, WorkAssert::flops, "flops");
    }
    return this;
  }

  /// At most so many flops.
  public WorkAssert hasAtMostFlops(long most) {
    long is = number(flops(Workload.of(graph)));
    if (is > most) {
      throw failure("expected at most " + most + " flops", is, WorkAssert::flops, "flops");
    }
    return this;
  }

  /// Its nodes read and write at most so many bytes, each by itself: what [CompiledAssert#movesAtMost] says less of once they are fused.
  public WorkAssert movesAtMost(long most) {
    long is = number(Workload.of(graph).bytes());
    if (is > most) {
      throw failure("expected at most " + most + " bytes moved", is, Workload::bytes, "bytes");
    }
    return this;
  }

  private static Dim flops(Workload work) {
    return work.multiplyAdds().times(2).plus(work.operations());
  }

  private long number(Dim size) {
    Dim known = size.substitute(sizes);
    if (!known.isConstant()) {
      throw new AssertionError(what + ": expected the sizes of all symbols, got " + sizes
          + ": there is left " + known);
    }
    return known.constant();
  }

  private AssertionError failure(String expected, long got, Function<Workload, Dim> unit,
      String units) {
    record Part(long amount, Node node) {
    }
    List<Part> parts = new ArrayList<>();
    for (Node node : graph.schedule()) {
      long amount = number(unit.apply(Workload.of(node)));
      if (amount > 0) {
        parts.add(new Part(amount, node));
      }
    }
    parts.sort(Comparator.comparingLong(Part::amount).reversed());
    NodeLines lines = new NodeLines(graph);
    return new AssertionError(what + " at " + sizes + ": " + expected + ", got " + got
        + ". The most are of\n" + parts.stream().limit(SHOWN).map(part -> "  " + part.amount()
            + " " + units + ": " + lines.line(part.node())).collect(Collectors.joining("\n"))
        + (parts.size() > SHOWN ? "\n  … " + (parts.size() - SHOWN) + " more" : ""));
  }
}
