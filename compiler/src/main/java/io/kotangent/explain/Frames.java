package io.kotangent.explain;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// In which kernel's frame a node is drawn. What no kernel computes, because it is read in place (a broadcast, a slice), is drawn where it
/// is read, if that is one kernel, or else where what it is of is made: so frames lead downwards only.
final class Frames {
  private Frames() {
  }

  /// @param kernels the number of the kernel that computes a node; those that read have larger ones than those that make
  static Map<Node, Integer> of(Graph graph, Map<Node, Integer> kernels) {
    Map<Node, Integer> frames = new IdentityHashMap<>(kernels);
    Map<Node, List<Node>> readers = new IdentityHashMap<>();
    for (Node node : graph.schedule()) {
      for (Node operand : node.operands()) {
        readers.computeIfAbsent(operand, _ -> new ArrayList<>()).add(node);
      }
    }
    for (Node node : graph.schedule().reversed()) {
      Integer one = null;
      boolean isOne = !frames.containsKey(node) && isComputed(node);
      for (Node reader : readers.getOrDefault(node, List.of())) {
        Integer frame = frames.get(reader);
        isOne &= frame != null && (one == null || one.equals(frame));
        one = frame;
      }
      if (isOne && one != null) {
        frames.put(node, one);
      }
    }
    for (Node node : graph.schedule()) {
      if (!frames.containsKey(node) && isComputed(node)) {
        node.operands().stream().filter(frames::containsKey).map(frames::get)
            .max(Integer::compare).ifPresent(frame -> frames.put(node, frame));
      }
    }
    return frames;
  }

  private static boolean isComputed(Node node) {
    return !(node.op() instanceof Op.Input) && !(node.op() instanceof Op.Constant);
  }
}
