package io.kotangent.dsl;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.Origin;
import io.kotangent.ir.ScalarFn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A trace seen in one mode: every `select` on the training flag is the side that it chooses, and what only the other side
/// needs is not there.
final class Specialised {
  private final boolean training;
  private final List<Node> order = new ArrayList<>();

  private record Frame(Node node, int[] next) {
  }

  Specialised(boolean training, List<Node> roots) {
    this.training = training;
    Set<Node> seen = new HashSet<>();
    roots.forEach(root -> visit(chosen(root), seen));
  }

  /// What a node is in this mode.
  private Node chosen(Node node) {
    Node result = node;
    while (result.op() instanceof Op.Map(var fn) && fn == ScalarFn.SELECT
        && isFlag(result.operand(0))) {
      result = result.operand(training ? 1 : 2);
    }
    return result;
  }

  private static boolean isFlag(Node condition) {
    return Model
        .isTrainingFlag(condition.op() instanceof Op.Broadcast ? condition.operand(0) : condition);
  }

  private void visit(Node root, Set<Node> seen) {
    Deque<Frame> stack = new ArrayDeque<>();
    if (seen.add(root)) {
      stack.push(new Frame(root, new int[1]));
    }
    while (!stack.isEmpty()) {
      Frame frame = stack.peek();
      if (frame.next[0] < frame.node.operands().size()) {
        Node operand = chosen(frame.node.operand(frame.next[0]++));
        if (seen.add(operand)) {
          stack.push(new Frame(operand, new int[1]));
        }
      } else {
        order.add(frame.node);
        stack.pop();
      }
    }
  }

  /// The inputs that the roots need.
  Set<Node> inputs() {
    Set<Node> inputs = new HashSet<>();
    order.stream().filter(n -> n.op() instanceof Op.Input).forEach(inputs::add);
    return inputs;
  }

  /// Copies what the roots need into a builder.
  ///
  /// @param inputs what the inputs are there
  /// @return what each node of the trace became
  Copies copy(GraphBuilder builder, Map<Node, Node> inputs) {
    Map<Node, Node> copies = new HashMap<>(inputs);
    Origin before = builder.at(Origin.UNKNOWN);
    for (Node node : order) {
      if (!copies.containsKey(node)) {
        builder.at(node.origin());
        copies.put(node, builder.add(node.op(),
            node.operands().stream().map(o -> copies.get(chosen(o))).toList()));
      }
    }
    builder.at(before);
    return node -> java.util.Objects.requireNonNull(copies.get(chosen(node)));
  }

  /// From nodes of the trace to their copies.
  @FunctionalInterface
  interface Copies {
    Node of(Node node);
  }
}
