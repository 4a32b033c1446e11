package io.kotangent.text;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The graphs that a graph uses.
final class Bodies {
  private Bodies() {
  }

  /// The bodies of one node.
  static List<Graph> of(Node node) {
    return switch (node.op()) {
      case Op.Call(var callee, var derivative) -> {
        List<Graph> bodies = new ArrayList<>(List.of(callee));
        derivative.ifPresent(bodies::add);
        yield bodies;
      }
      case Op.Loop loop -> List.of(loop.body());
      case Op.Branch(var then, var otherwise) -> List.of(then, otherwise);
      case Op.Input _, Op.Constant _, Op.Iota _, Op.Size _, Op.Random _, Op.Map _, Op.Cast _, Op.Broadcast _, Op.Reshape _,
          Op.Transpose _, Op.Reverse _, Op.Slice _, Op.Pad _, Op.Concat _, Op.Windows _, Op.OverlapAdd _, Op.Gather _,
          Op.Scatter _, Op.Sort _, Op.Reduce _, Op.Contract _, Op.Convolve _, Op.Item _ ->
        List.of();
    };
  }

  /// All graphs that `graph` uses, directly or not, each before those that use it; last, itself.
  static Set<Graph> within(Graph graph) {
    record Frame(Graph graph, Iterator<Graph> bodies) {
      Frame(Graph graph) {
        this(graph, graph.schedule().stream().flatMap(n -> of(n).stream()).iterator());
      }
    }
    Set<Graph> done = new LinkedHashSet<>();
    Deque<Frame> stack = new ArrayDeque<>();
    stack.push(new Frame(graph));
    while (!stack.isEmpty()) {
      Frame frame = stack.peek();
      if (!frame.bodies.hasNext()) {
        done.add(stack.pop().graph);
        continue;
      }
      Graph body = frame.bodies.next();
      if (!done.contains(body)) {
        stack.push(new Frame(body));
      }
    }
    return done;
  }
}
