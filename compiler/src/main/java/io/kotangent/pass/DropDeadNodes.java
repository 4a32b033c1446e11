package io.kotangent.pass;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.rewrite.Bodies;
import io.kotangent.rewrite.Hits;
import io.kotangent.type.Requirement;
import io.kotangent.type.TensorType;
import io.kotangent.type.TupleType;
import io.kotangent.type.Type;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Drops what no result needs: results of calls, loops and branches that nobody takes, then the arguments that only these
/// needed, values that a loop carries for themselves alone, and requirements on sizes that no longer occur.
///
/// (A graph holds no other dead nodes: it is what its results need.) Calls with a derivative of their own keep their
/// signature.
public final class DropDeadNodes implements Pass {
  @Override
  public Graph apply(Graph graph, Hits hits) {
    Graph now = graph;
    while (true) {
      Map<Graph, Graph> changed = new IdentityHashMap<>();
      for (Graph inner : Bodies.innermostFirst(now)) {
        changed.put(inner, shrink(inner, changed, hits));
      }
      Graph next = changed.get(now);
      if (next == now) {
        return withoutIdleRequirements(now, hits);
      }
      now = next;
    }
  }

  private Graph shrink(Graph graph, Map<Graph, Graph> bodies, Hits hits) {
    Map<Node, BitSet> taken = taken(graph);
    GraphBuilder builder = new GraphBuilder();
    Map<Node, Node> images = new IdentityHashMap<>();
    Map<Node, Shrunk> shrunk = new IdentityHashMap<>();
    boolean same = true;
    for (Node node : graph.schedule()) {
      builder.at(node.origin());
      Op op = Bodies.map(node.op(), body -> bodies.getOrDefault(body, body));
      List<Integer> kept = new ArrayList<>();
      for (int i = 0; i < node.operands().size(); i++) {
        kept.add(i);
      }
      if (taken.containsKey(node)) {
        Shrunk smaller = Shrunk.of(op, taken.get(node));
        if (!smaller.isWhole(op, node.operands().size())) {
          shrunk.put(node, smaller);
          op = smaller.op();
          kept = smaller.operands();
          hits.add(name());
        }
      } else if (op instanceof Op.Item(var index) && shrunk.containsKey(node.operand(0))) {
        op = new Op.Item(shrunk.get(node.operand(0)).results().indexOf(index));
      }
      same &= op == node.op();
      List<Node> operands = new ArrayList<>();
      for (int i : kept) {
        operands.add(images.get(node.operand(i)));
      }
      images.put(node, builder.add(op, operands));
    }
    return same ? graph : image(graph, images);
  }

  /// The items that are taken of each call, loop and branch.
  private static Map<Node, BitSet> taken(Graph graph) {
    Map<Node, BitSet> taken = new IdentityHashMap<>();
    for (Node node : graph.schedule()) {
      if (!node.op().bodies().isEmpty()) {
        taken.put(node, new BitSet());
      } else if (node.op() instanceof Op.Item(var index) && taken.containsKey(node.operand(0))) {
        taken.get(node.operand(0)).set(index);
      }
    }
    return taken;
  }

  private static Graph image(Graph graph, Map<Node, Node> images) {
    List<Node> inputs = new ArrayList<>();
    graph.inputs().forEach(input -> inputs.add(images.get(input)));
    List<Graph.Result> results = new ArrayList<>();
    graph.results().forEach(r -> results.add(new Graph.Result(r.name(), images.get(r.node()))));
    List<Graph.Update> updates = new ArrayList<>();
    graph.updates()
        .forEach(u -> updates.add(new Graph.Update(images.get(u.port()), images.get(u.value()))));
    return new Graph(graph.name(), inputs, results, updates, graph.guard().map(images::get),
        graph.requirements());
  }

  /// Without requirements on sizes that neither a port nor a node has: nobody could know them at entry.
  private Graph withoutIdleRequirements(Graph graph, Hits hits) {
    if (graph.requirements().isEmpty()) {
      return graph;
    }
    Set<String> live = new HashSet<>();
    for (Node node : graph.schedule()) {
      collect(node.valueType(), live);
    }
    List<Requirement> kept = new ArrayList<>();
    for (Requirement requirement : graph.requirements()) {
      Set<String> symbols = new HashSet<>();
      requirement.left().collectSymbols(symbols);
      requirement.right().collectSymbols(symbols);
      if (live.containsAll(symbols)) {
        kept.add(requirement);
      } else {
        hits.add(name());
      }
    }
    return kept.size() == graph.requirements().size() ? graph
        : new Graph(graph.name(), graph.inputs(), graph.results(), graph.updates(), graph.guard(),
            kept);
  }

  private static void collect(Type type, Set<String> symbols) {
    if (type instanceof TupleType(var items)) {
      items.forEach(item -> collect(item, symbols));
    } else if (type instanceof TensorType tensor) {
      tensor.shape().dims().forEach(dim -> dim.collectSymbols(symbols));
    }
  }
}
