package io.kotangent.rewrite;

import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.KnownBounds;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `sqrt(x)·sqrt(x)` → x, and NaN where that is negative: the derivatives of the root are infinite at 0, those of x are not.
/// So of a norm, which is `select(eq(s, 0), 0, sqrt(s))`, and behind moves and casts. A norm in f64 is `root(s(u·x))/u`, with a unit
/// u that keeps squares in range: its square is s(x).
public record SquareOfRoot() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    return node.applies(ScalarFn.MUL) && node.operand(0) == node.operand(1)
        ? squared(node.operand(0), builder) : Optional.empty();
  }

  private static Optional<Node> squared(Node root, GraphBuilder builder) {
    if (root.applies(ScalarFn.SQRT)) {
      Node x = root.operand(0);
      if (new KnownBounds().of(x).isNeverNegative()) {
        return Optional.of(x);
      }
      Node negative = builder.map(ScalarFn.LT, x, builder.fill(x.type(), 0));
      return Optional
          .of(builder.map(ScalarFn.SELECT, negative, builder.fill(x.type(), Double.NaN), x));
    }
    if (isNorm(root)) {
      return squared(root.operand(2), builder);
    }
    if (root.applies(ScalarFn.DIV)) {
      return unscaled(root.operand(0), root.operand(1), builder);
    }
    return root.op() instanceof Op.Broadcast || root.op() instanceof Op.Reshape
        || root.op() instanceof Op.Transpose || root.op() instanceof Op.Cast && isOfFloats(root)
            ? squared(root.operand(0), builder).map(x -> builder.add(root.op(), x))
            : Optional.empty();
  }

  private static boolean isNorm(Node node) {
    if (!node.applies(ScalarFn.SELECT) || !node.operand(2).applies(ScalarFn.SQRT)) {
      return false;
    }
    Node isZero = node.operand(0);
    return Uniform.isZero(node.operand(1)) && isZero.applies(ScalarFn.EQ)
        && isZero.operand(0) == node.operand(2).operand(0) && Uniform.isZero(isZero.operand(1));
  }

  private static boolean isOfFloats(Node cast) {
    return cast.operand(0).dtype().isFloat() && cast.dtype().isFloat();
  }

  /// s(x), for `root(s(u·x))` and u, if s grows as the square of its operand.
  private static Optional<Node> unscaled(Node root, Node unit, GraphBuilder builder) {
    Optional<Node> square = squared(root, builder);
    if (square.isEmpty()) {
      return Optional.empty();
    }
    List<Node> order = new ArrayList<>();
    Graph.visit(square.get(), Collections.newSetFromMap(new IdentityHashMap<>()), order);
    for (Node node : order) {
      for (int i = 0; i < 2 && node.applies(ScalarFn.MUL); i++) {
        if (source(node.operand(i)) == unit && degree(order, node) == 2) {
          return Optional.of(replaced(order, node, node.operand(1 - i), builder));
        }
      }
    }
    return Optional.empty();
  }

  /// The last of these nodes, with x in the place of z.
  private static Node replaced(List<Node> order, Node z, Node x, GraphBuilder builder) {
    Map<Node, Node> images = new IdentityHashMap<>();
    images.put(z, x);
    for (Node node : order) {
      List<Node> operands =
          node.operands().stream().map(o -> images.getOrDefault(o, o)).toList();
      if (node != z && !operands.equals(node.operands())) {
        images.put(node, builder.add(node.op(), operands));
      }
    }
    return images.getOrDefault(order.getLast(), order.getLast());
  }

  private static Node source(Node node) {
    Node at = node;
    while (at.op() instanceof Op.Broadcast || at.op() instanceof Op.Reshape) {
      at = at.operand(0);
    }
    return at;
  }

  /// By which power of z the last of these nodes grows; −1 if by none.
  private static int degree(List<Node> order, Node z) {
    Map<Node, Integer> known = new IdentityHashMap<>();
    for (Node node : order) {
      List<Integer> below = node.operands().stream().map(o -> known.getOrDefault(o, 0)).toList();
      known.put(node, node == z ? 1 : degree(node, below));
    }
    return known.getOrDefault(order.getLast(), 0);
  }

  private static int degree(Node node, List<Integer> below) {
    if (below.stream().allMatch(d -> d == 0)) {
      return 0;
    }
    boolean same = below.stream().distinct().count() == 1;
    return switch (node.op()) {
      case Op.Layout _ -> same ? below.getFirst() : -1;
      case Op.Reduce(var kind, _, _, _) -> kind == Op.Reduction.SUM ? below.getFirst() : -1;
      case Op.Map(var fn) when !below.contains(-1) -> switch (fn) {
        case MUL -> below.get(0) + below.get(1);
        case ADD, SUB -> same ? below.getFirst() : -1;
        case DIV -> below.get(1) == 0 ? below.getFirst() : -1;
        default -> -1; // not looked into
      };
      default -> -1; // not looked into
    };
  }
}
