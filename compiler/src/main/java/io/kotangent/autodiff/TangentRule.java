package io.kotangent.autodiff;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.KotangentException;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How the tangents of a node's operands become that of its result: a linear op is applied to the tangents, a bilinear
/// one twice, a scalar function has its formulas.
final class TangentRule {
  private final GraphBuilder builder;
  private final ScalarDerivative scalar;

  TangentRule(GraphBuilder builder) {
    this.builder = builder;
    this.scalar = new ScalarDerivative(builder);
  }

  /// @param t the tangents of the operands, at least one of them present
  Node forward(Node node, List<Optional<Node>> t) {
    return switch (node.op()) {
      case Op.Map _ -> map(node, t);
      case Op.Cast(var to) -> builder.cast(to, first(t));
      case Op.Layout _ -> builder.add(node.op(), orZeros(node, t));
      case Op.Gather _ -> builder.add(node.op(), first(t), node.operand(1));
      case Op.Scatter _ -> {
        List<Node> operands =
            new ArrayList<>(orZeros(node, List.of(t.get(0), Optional.empty(), t.get(2))));
        operands.set(1, node.operand(1));
        yield builder.add(node.op(), operands);
      }
      case Op.Sort sort -> SortDerivative.forward(builder, sort, node, first(t));
      case Op.Reduce reduce ->
          new ReduceDerivative(builder, scalar, reduce, node).forward(first(t));
      case Op.Sum _ -> sum(List.of(
          t.get(0).map(left -> builder.add(node.op(), left, node.operand(1))),
          t.get(1).map(right -> builder.add(node.op(), node.operand(0), right))));
      case Op.Source _, Op.Control _, Op.Item _ -> throw noTangent(node);
    };
  }

  private static KotangentException noTangent(Node node) {
    return new KotangentException("no tangent of " + node);
  }

  private Node map(Node node, List<Optional<Node>> t) {
    List<Optional<Node>> parts = new ArrayList<>();
    for (int i = 0; i < t.size(); i++) {
      int operand = i;
      parts.add(t.get(i)
          .map(seed -> scalar.of(node, operand, seed, place -> t.get(place).isPresent())));
    }
    return sum(parts);
  }

  private Node sum(List<Optional<Node>> parts) {
    return parts.stream().flatMap(Optional::stream)
        .reduce((x, y) -> builder.map(ScalarFn.ADD, x, y)).orElseThrow();
  }

  private static Node first(List<Optional<Node>> t) {
    return t.getFirst().orElseThrow();
  }

  private List<Node> orZeros(Node node, List<Optional<Node>> t) {
    List<Node> all = new ArrayList<>();
    for (int i = 0; i < t.size(); i++) {
      TensorType type = node.operand(i).type();
      all.add(t.get(i).orElseGet(() -> builder.fill(type, 0)));
    }
    return all;
  }
}
