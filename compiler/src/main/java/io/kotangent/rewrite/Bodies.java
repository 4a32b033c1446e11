package io.kotangent.rewrite;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/// The graphs inside the nodes of a graph: what is called, looped over, or chosen.
public final class Bodies {
  private final Map<Graph, Graph> changed = new IdentityHashMap<>();

  private Bodies() {
  }

  /// A graph changed after the graphs inside it.
  ///
  /// @param change what becomes of one graph, given what became of those inside it
  public static Graph change(Graph graph, BiFunction<Graph, Bodies, Graph> change) {
    Bodies bodies = new Bodies();
    Graph last = graph;
    for (Graph inner : graph.withBodies()) {
      last = change.apply(inner, bodies);
      bodies.changed.put(inner, last);
    }
    return last;
  }

  /// Whether a graph inside this one has changed.
  public boolean changesIn(Graph graph) {
    for (Node node : graph.schedule()) {
      for (Graph body : node.op().bodies()) {
        if (of(body) != body) {
          return true;
        }
      }
    }
    return false;
  }

  /// The op with the changed graphs; the same instance if none has changed.
  public Op in(Op op) {
    return map(op, this::of);
  }

  private Graph of(Graph body) {
    return changed.getOrDefault(body, body);
  }

  /// The op with other graphs in their places; the same instance if none is another.
  static Op map(Op op, Function<Graph, Graph> change) {
    if (!(op instanceof Op.Control control)) {
      return op;
    }
    List<Graph> after = new ArrayList<>();
    boolean same = true;
    for (Graph body : control.bodies()) {
      Graph changed = change.apply(body);
      same &= changed == body;
      after.add(changed);
    }
    return same ? op : control.with(after);
  }
}
