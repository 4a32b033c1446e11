package io.kotangent.pass;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Verifier;
import io.kotangent.rewrite.Bodies;
import io.kotangent.rewrite.Hazards;
import io.kotangent.rewrite.Hits;
import io.kotangent.rewrite.NodeMap;
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
/// needed, values that a loop carries for themselves alone, and requirements on sizes that no longer occur. What may fail stays.
///
/// (A graph holds no other dead nodes: it is what its results need.) Calls with a derivative of their own keep their
/// signature.
final class DropDeadNodes implements Pass {
  @Override
  public Graph apply(Graph graph, Hits hits) {
    Graph now = graph;
    while (hasBodies(now)) {
      Graph next = Bodies.change(now, (inner, bodies) -> shrink(inner, bodies, hits));
      if (next == now) {
        break;
      }
      now = next;
    }
    return withoutIdleRequirements(now, hits);
  }

  private static boolean hasBodies(Graph graph) {
    for (Node node : graph.schedule()) {
      if (node.op() instanceof Op.Control) {
        return true;
      }
    }
    return false;
  }

  private Graph shrink(Graph graph, Bodies bodies, Hits hits) {
    Map<Node, BitSet> taken = taken(graph);
    GraphBuilder builder = new GraphBuilder();
    NodeMap images = new NodeMap();
    Map<Node, Shrunk> shrunk = new IdentityHashMap<>();
    Hazards hazards = new Hazards();
    boolean same = true;
    for (Node node : graph.schedule()) {
      builder.at(node.origin());
      Op op = bodies.in(node.op());
      List<Node> operands = node.operands();
      BitSet results = taken.get(node);
      if (op instanceof Op.Control control && results != null) {
        Shrunk smaller = Shrunk.of(control, results, failing(node, hazards));
        if (!smaller.isWhole(control, operands.size())) {
          shrunk.put(node, smaller);
          op = smaller.op();
          operands = smaller.operandsOf(node);
          hits.add(name());
        }
      } else if (op instanceof Op.Item(var index)) {
        Shrunk tuple = shrunk.get(node.operand(0));
        op = tuple == null ? op : new Op.Item(tuple.results().indexOf(index));
      }
      same &= op == node.op();
      images.put(node, builder.add(op, images.of(operands)));
    }
    return same ? graph : images.graph(graph);
  }

  /// The operands of a node that need what may fail.
  private static BitSet failing(Node node, Hazards hazards) {
    BitSet failing = new BitSet();
    for (int i = 0; i < node.operands().size(); i++) {
      failing.set(i, !hazards.of(node.operand(i)).isEmpty());
    }
    return failing;
  }

  /// The items that are taken of each call, loop and branch.
  private static Map<Node, BitSet> taken(Graph graph) {
    Map<Node, BitSet> taken = new IdentityHashMap<>();
    for (Node node : graph.schedule()) {
      if (node.op() instanceof Op.Control) {
        taken.put(node, new BitSet());
      } else if (node.op() instanceof Op.Item(var index)) {
        BitSet items = taken.get(node.operand(0));
        if (items != null) {
          items.set(index);
        }
      }
    }
    return taken;
  }

  /// Without requirements on sizes that neither a port nor a node has: nobody could know them at entry, and who sets one is told
  /// that the program has no such size. (Sizes of inputs never go: ports stay, read or not.) What follows from these of the sizes
  /// that stay is kept where a node relies on it: `n >= k` of `n >= m` and `m >= k`.
  private Graph withoutIdleRequirements(Graph graph, Hits hits) {
    if (graph.requirements().isEmpty()) {
      return graph;
    }
    Set<String> live = new HashSet<>();
    for (Node node : graph.schedule()) {
      collect(node.valueType(), live);
      Resize.collectSymbols(node.op(), live);
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
    if (kept.size() == graph.requirements().size()) {
      return graph;
    }
    kept.addAll(Verifier.missing(with(graph, kept)));
    return with(graph, kept);
  }

  private static Graph with(Graph graph, List<Requirement> requirements) {
    return new Graph(graph.name(), graph.inputs(), graph.results(), graph.updates(), graph.guard(),
        requirements);
  }

  private static void collect(Type type, Set<String> symbols) {
    if (type instanceof TupleType(var items)) {
      items.forEach(item -> collect(item, symbols));
    } else if (type instanceof TensorType tensor) {
      tensor.shape().dims().forEach(dim -> dim.collectSymbols(symbols));
    }
  }
}
