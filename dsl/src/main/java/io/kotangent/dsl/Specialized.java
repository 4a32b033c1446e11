package io.kotangent.dsl;

import io.kotangent.ir.Graph;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// A trace seen in one mode: every `select` on the training flag is the side that it chooses, and what only the other side
/// needs is not there; in bodies of loops too.
final class Specialized {
  private final boolean training;
  private final List<Node> order = new ArrayList<>();
  private final Map<Node, Computation> computations = new HashMap<>();

  private record Frame(Node node, List<Node> operands, int[] next) {
  }

  /// What a node is in this mode.
  private record Computation(Op op, List<Node> operands) {
  }

  /// From nodes of the trace to their copies.
  @FunctionalInterface
  interface Copies {
    Node of(Node node);
  }

  Specialized(boolean training, List<Node> roots) {
    this.training = training;
    Set<Node> seen = new HashSet<>();
    for (Node root : roots) {
      visit(chosen(root), seen);
    }
  }

  /// The node that stands for a node in this mode.
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
      stack.push(frame(root));
    }
    while (!stack.isEmpty()) {
      Frame frame = stack.peek();
      if (frame.next[0] < frame.operands.size()) {
        Node operand = frame.operands.get(frame.next[0]++);
        if (seen.add(operand)) {
          stack.push(frame(operand));
        }
      } else {
        order.add(frame.node);
        stack.pop();
      }
    }
  }

  private Frame frame(Node node) {
    Computation computation = node.op() instanceof Op.Loop loop ? loop(loop, node)
        : new Computation(node.op(), node.operands().stream().map(this::chosen).toList());
    computations.put(node, computation);
    return new Frame(node, computation.operands, new int[1]);
  }

  /// The loop with its body in this mode, without the flag and without invariants that the mode does not need.
  private Computation loop(Op.Loop loop, Node node) {
    Graph body = loop.body();
    Specialized inside = new Specialized(training, body.roots());
    Set<Node> needed = inside.inputs();
    int states = loop.carried() + loop.sliced();
    GraphBuilder builder = new GraphBuilder();
    Map<Node, Node> inputs = new LinkedHashMap<>();
    List<Node> operands = new ArrayList<>();
    for (int i = 0; i < body.inputs().size(); i++) {
      Node input = body.inputs().get(i);
      if (i < states || needed.contains(input) && !Model.isTrainingFlag(input)) {
        inputs.put(input, builder.input(Graph.port(input)));
        operands.add(chosen(node.operand(i)));
      }
    }
    Copies copies = inside.copy(builder, inputs);
    Graph inMode = builder.graph(body.name(), List.copyOf(inputs.values()),
        body.results().stream().map(r -> new Graph.Result(r.name(), copies.of(r.node()))).toList());
    return new Computation(
        new Op.Loop(inMode, loop.count(), loop.carried(), loop.sliced(), loop.reverse()), operands);
  }

  /// The inputs that the roots need.
  Set<Node> inputs() {
    Set<Node> inputs = new HashSet<>();
    for (Node node : order) {
      if (node.op() instanceof Op.Input) {
        inputs.add(node);
      }
    }
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
        Computation computation = Objects.requireNonNull(computations.get(node));
        builder.at(node.origin());
        copies.put(node,
            builder.add(computation.op, computation.operands.stream().map(copies::get).toList()));
      }
    }
    builder.at(before);
    return node -> Objects.requireNonNull(copies.get(chosen(node)));
  }
}
