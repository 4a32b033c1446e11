package io.kotangent.pass;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.rewrite.Bodies;
import io.kotangent.rewrite.Hits;
import io.kotangent.rewrite.NodeMap;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Contractions and convolutions that no iteration has to wait for leave their loop, for all iterations at once:
///
/// before: `loop[h, x(t): h' = tanh(x(t)·W + h·U), y(t) = h'·V]`;
/// after: `z = x·W; loop[h, z(t): h' = tanh(z(t) + h·U), h(t)' = h']; y = h·V`.
///
/// Each sum keeps its order, and so its bits. What must be stacked for that is at most [LoopParts#MOST] times as large as
/// what the loop reads or gives anyway.
final class SplitLoops implements Pass {
  @Override
  public Graph apply(Graph graph, Hits hits) {
    return Bodies.change(graph, (inner, bodies) -> split(inner, bodies, hits));
  }

  private Graph split(Graph graph, Bodies bodies, Hits hits) {
    GraphBuilder builder = new GraphBuilder();
    NodeMap images = new NodeMap();
    Map<Node, List<Node>> items = new IdentityHashMap<>();
    boolean same = true;
    for (Node node : graph.schedule()) {
      builder.at(node.origin());
      if (node.op() instanceof Op.Item(var index) && items.containsKey(node.operand(0))) {
        images.put(node, items.get(node.operand(0)).get(index));
        continue;
      }
      Op op = bodies.in(node.op());
      same &= op == node.op();
      Optional<List<Node>> parts = op instanceof Op.Loop loop
          ? parts(builder, loop, images.of(node.operands()), hits) : Optional.empty();
      if (parts.isPresent()) {
        same = false;
        items.put(node, parts.get());
      } else {
        images.put(node, builder.add(op, images.of(node.operands())));
      }
    }
    return same ? graph : images.graph(graph);
  }

  /// The items of a loop that was split; empty for one that stays whole.
  private Optional<List<Node>> parts(GraphBuilder builder, Op.Loop loop, List<Node> operands,
      Hits hits) {
    LoopParts.Looped whole = new LoopParts.Looped(loop, operands);
    Optional<LoopParts.Looped> later = LoopParts.before(builder, whole);
    Optional<List<Node>> items = LoopParts.after(builder, later.orElse(whole));
    later.ifPresent(_ -> hits.add(name()));
    items.ifPresent(_ -> hits.add(name()));
    if (later.isPresent() && items.isEmpty()) {
      Node rest = builder.add(later.get().op(), later.get().operands());
      List<Node> all = new ArrayList<>();
      for (int i = 0; i < loop.body().results().size(); i++) {
        all.add(builder.item(rest, i));
      }
      return Optional.of(all);
    }
    return items;
  }
}
