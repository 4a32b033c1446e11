package io.kotangent.text;

import io.kotangent.ir.Graph;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/// The graphs that a graph uses.
final class Bodies {
  private Bodies() {
  }

  /// All graphs that `graph` uses, directly or not, each before those that use it; last, itself.
  static Set<Graph> within(Graph graph) {
    record Frame(Graph graph, Iterator<Graph> bodies) {
      Frame(Graph graph) {
        this(graph, graph.schedule().stream().flatMap(n -> n.op().bodies().stream()).iterator());
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
