package io.kotangent.autodiff;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Lowering;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the values in the gradient of a loop's body depend on.
final class BodyValues {
  /// Functions of so many primitives cost more than to read what they gave.
  private static final int DEAR = 8;

  private final List<Node> order = new ArrayList<>();
  private final Set<Node> varying = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Node> backward = Collections.newSetFromMap(new IdentityHashMap<>());
  private final int firstSeed;

  /// @param invariants the inputs that are the same in every iteration
  BodyValues(CotangentBody body, Collection<Node> invariants) {
    this.firstSeed =
        body.seeds().values().stream().mapToInt(Node::id).min().orElse(Integer.MAX_VALUE);
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    body.cotangents().values().forEach(root -> Graph.visit(root, seen, order));
    backward.addAll(body.seeds().values());
    varying.addAll(body.seeds().values());
    varying.addAll(body.inputs());
    invariants.forEach(varying::remove);
    Map<Graph, Boolean> draws = new HashMap<>();
    for (Node node : order) {
      if (draws(node, draws) || node.operands().stream().anyMatch(varying::contains)) {
        varying.add(node);
      }
      if (node.operands().stream().anyMatch(backward::contains)) {
        backward.add(node);
      }
    }
  }

  /// All that the cotangents need, operands first.
  List<Node> order() {
    return order;
  }

  /// Whether it may differ between iterations.
  boolean isVarying(Node node) {
    return varying.contains(node);
  }

  /// Whether it is known without any cotangent.
  boolean isForward(Node node) {
    return !backward.contains(node);
  }

  /// Whether the body computes it too.
  boolean isOriginal(Node node) {
    return node.id() < firstSeed;
  }

  /// Draws differ from iteration to iteration.
  private static boolean draws(Node node, Map<Graph, Boolean> known) {
    if (node.op() instanceof Op.Random) {
      return true;
    }
    boolean any = false;
    for (Graph body : node.op().bodies()) {
      any |= known.computeIfAbsent(body, b -> b.withBodies().stream()
          .anyMatch(g -> g.schedule().stream().anyMatch(n -> n.op() instanceof Op.Random)));
    }
    return any;
  }

  /// Whether to compute it costs more than to keep it: sums, draws, sorts, whole graphs, and long formulas.
  static boolean isDear(Node node) {
    return switch (node.op()) {
      case Op.Map(var fn) ->
          Lowering.primitives(fn, node.operands().getLast().dtype()) >= DEAR;
      case Op.Sum _, Op.Control _, Op.Random _, Op.Sort _, Op.Scatter _, Op.OverlapAdd _ -> true;
      case Op.Source _, Op.Cast _, Op.Layout _, Op.Gather _, Op.Item _ -> false;
    };
  }
}
