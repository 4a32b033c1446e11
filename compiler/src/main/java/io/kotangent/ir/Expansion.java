package io.kotangent.ir;

import io.kotangent.type.CodegenLimit;
import java.util.IdentityHashMap;
import java.util.Map;

/// How much a graph becomes when its bodies are written where they are used: twenty graphs that each call the one before twice
/// are a million nodes.
public final class Expansion {
  /// The most nodes that bodies add by being used more than once.
  private static final long MOST = 50_000;
  /// How deep bodies may be nested.
  private static final int DEEPEST = 200;

  private record Extent(long nodes, int depth) {
  }

  private Expansion() {
  }

  /// Refuses a graph that would become too much; looks at each body once.
  public static void check(Graph graph) {
    Map<Graph, Extent> extents = new IdentityHashMap<>();
    long distinct = 0;
    for (Graph body : graph.withBodies()) {
      Extent extent = of(body, extents);
      extents.put(body, extent);
      distinct += body.schedule().size();
      if (extent.nodes - distinct > MOST || extent.depth > DEEPEST) {
        throw new CodegenLimit("graph " + body.name() + ": "
            + (extent.depth > DEEPEST ? "bodies are nested more than " + DEEPEST + " deep"
                : "its calls, loops and branches write out " + extent.nodes + " nodes, of "
                    + distinct + " that differ: expected at most " + MOST + " more")
            + "; use a loop instead of calls of calls");
      }
    }
  }

  private static Extent of(Graph graph, Map<Graph, Extent> known) {
    long nodes = 0;
    int depth = 0;
    for (Node node : graph.schedule()) {
      nodes++;
      for (Graph body : node.op().bodies()) {
        Extent inner = known.get(body);
        if (inner != null) {
          nodes = Math.min(Long.MAX_VALUE / 2, nodes + inner.nodes);
          depth = Math.max(depth, inner.depth);
        }
      }
    }
    return new Extent(nodes, depth + 1);
  }
}
