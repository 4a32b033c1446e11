package io.kotangent.autodiff;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reverse mode through calls, branches and loops: each becomes one of its own kind, over differentiated graphs.
final class ControlTranspose {
  private ControlTranspose() {
  }

  /// The contributions of the cotangents `g` of a tuple's items to those of its operands.
  ///
  /// @param active the operands to contribute to
  static List<Optional<Node>> transpose(GraphBuilder builder, Op.Control op, Node node,
      BitSet active, List<Optional<Node>> g) {
    return switch (op) {
      case Op.Call(var callee, var derivative) -> derivative.isPresent()
          ? custom(builder, derivative.get(), node, active, g)
          : call(builder, callee, node, active, g);
      case Op.Branch branch -> branch(builder, branch, node, active, g);
      case Op.Loop loop -> new LoopTranspose(builder, loop, node, active, g).contributions();
    };
  }

  private static List<Optional<Node>> none(Node node) {
    return new ArrayList<>(Collections.nCopies(node.operands().size(), Optional.empty()));
  }

  private static List<Optional<Node>> call(GraphBuilder builder, Graph callee, Node node,
      BitSet active,
      List<Optional<Node>> g) {
    CotangentBody body =
        Gradient.ofBody(callee, active, g.stream().map(Optional::isPresent).toList());
    List<Optional<Node>> contributions = none(node);
    List<Node> arguments = new ArrayList<>(node.operands());
    g.forEach(seed -> seed.ifPresent(arguments::add));
    Graph gradient = body.graph(callee.name() + "_grad", new LinkedHashMap<>(body.cotangents()));
    Node call = builder.add(new Op.Call(gradient, Optional.empty()), arguments);
    int item = 0;
    for (int input : body.cotangents().keySet()) {
      contributions.set(input, Optional.of(builder.item(call, item++)));
    }
    return contributions;
  }

  /// The user's derivative: a graph from the operands, the results, and a cotangent for each float result, to a
  /// cotangent for each float operand.
  private static List<Optional<Node>> custom(GraphBuilder builder, Graph derivative, Node node,
      BitSet active,
      List<Optional<Node>> g) {
    Node call = builder.add(new Op.Call(derivative, Optional.empty()),
        CustomDerivative.arguments(builder, node, g));
    List<Optional<Node>> contributions = none(node);
    int item = 0;
    for (int i = 0; i < node.operands().size(); i++) {
      if (node.operand(i).dtype().isFloat()) {
        if (active.get(i)) {
          contributions.set(i, Optional.of(builder.item(call, item)));
        }
        item++;
      }
    }
    return contributions;
  }

  /// A branch of the same condition between the two gradients; where only one of the graphs depends on an argument,
  /// the other's gradient is zero.
  private static List<Optional<Node>> branch(GraphBuilder builder, Op.Branch branch, Node node,
      BitSet active,
      List<Optional<Node>> g) {
    BitSet arguments = active.get(1, Math.max(1, active.length()));
    List<Boolean> live = g.stream().map(Optional::isPresent).toList();
    CotangentBody then = Gradient.ofBody(branch.then(), arguments, live);
    CotangentBody otherwise = Gradient.ofBody(branch.otherwise(), arguments, live);
    List<Integer> inputs = arguments.stream()
        .filter(i -> then.cotangents().containsKey(i) || otherwise.cotangents().containsKey(i))
        .boxed().toList();
    List<Optional<Node>> contributions = none(node);
    List<Node> operands = new ArrayList<>(node.operands());
    g.forEach(seed -> seed.ifPresent(operands::add));
    Node chosen = builder.add(
        new Op.Branch(half(then, branch.then(), inputs),
            half(otherwise, branch.otherwise(), inputs)),
        operands);
    for (int i = 0; i < inputs.size(); i++) {
      contributions.set(inputs.get(i) + 1, Optional.of(builder.item(chosen, i)));
    }
    return contributions;
  }

  private static Graph half(CotangentBody body, Graph original, List<Integer> inputs) {
    Map<Integer, Node> results = new LinkedHashMap<>();
    for (int input : inputs) {
      TensorType type = body.inputs().get(input).type();
      Optional<Node> cotangent = Optional.ofNullable(body.cotangents().get(input));
      results.put(input, cotangent.orElseGet(() -> body.builder().fill(type, 0)));
    }
    return body.graph(original.name() + "_grad", results);
  }
}
