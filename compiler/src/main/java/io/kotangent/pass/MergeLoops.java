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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Two loops over the same operands, where the one computes all that the other does and more, become the larger one:
///
/// `a = loop[@step] x; b = loop[@step_stacked] x` → `b` for both.
///
/// A gradient runs the loop that it differentiates again, to stack what it carried; so the loop need not run twice.
final class MergeLoops implements Pass {
  private record Key(List<Node> operands, Op.Loop attributes) {
    static Key of(Op.Loop loop, List<Node> operands, Graph anyBody) {
      return new Key(operands,
          new Op.Loop(anyBody, loop.count(), loop.carried(), loop.sliced(), loop.reverse()));
    }
  }

  @Override
  public Graph apply(Graph graph, Hits hits) {
    return Bodies.change(graph, (inner, bodies) -> merge(inner, bodies, hits));
  }

  private Graph merge(Graph graph, Bodies bodies, Hits hits) {
    Map<Node, Node> larger = larger(graph);
    GraphBuilder builder = new GraphBuilder();
    NodeMap images = new NodeMap();
    boolean same = true;
    for (Node node : graph.schedule()) {
      builder.at(node.origin());
      Op own = larger.getOrDefault(node, node).op();
      if (own != node.op()) {
        hits.add(name());
      }
      Op op = bodies.in(own);
      same &= op == node.op();
      images.put(node, builder.add(op, images.of(node.operands())));
    }
    return same ? graph : images.graph(graph);
  }

  /// For each loop that another one computes too, that one; the one with most results.
  private static Map<Node, Node> larger(Graph graph) {
    Map<Key, List<Node>> groups = new LinkedHashMap<>();
    for (Node node : graph.schedule()) {
      if (node.op() instanceof Op.Loop loop) {
        groups.computeIfAbsent(Key.of(loop, node.operands(), graph), _ -> new ArrayList<>())
            .add(node);
      }
    }
    Map<Node, Node> larger = new IdentityHashMap<>();
    for (List<Node> group : groups.values()) {
      for (Node node : group) {
        Node best = node;
        for (Node other : group) {
          if (results(other) > results(best) && extendsBody(body(other), body(node))) {
            best = other;
          }
        }
        if (best != node) {
          larger.put(node, best);
        }
      }
    }
    return larger;
  }

  private static Graph body(Node loop) {
    return ((Op.Loop) loop.op()).body();
  }

  private static int results(Node loop) {
    return body(loop).results().size();
  }

  /// Whether the first results of one body are the results of another.
  private static boolean extendsBody(Graph more, Graph body) {
    Graph first = new Graph(body.name(), more.inputs(),
        more.results().subList(0, body.results().size()), List.of(),
        Optional.empty(), body.requirements());
    return first.equals(body);
  }
}
