package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `select(p, log(x), c)` → `select(p, log(select(p, x, 1)), c)`: the same values, but in lanes that p discards the
/// derivative of log no longer meets `0/0`, and the gradient is exactly 0 there.
///
/// For functions whose derivative can be infinite, however deep in the lane formula of a chosen operand (through
/// scalar functions only). Wanted before differentiation; afterwards it is mere cost.
///
/// Not where chance alone discards, as dropout does: what it drops is as good as what it keeps, and a softmax before it would
/// compute its exponentials twice. Nor around the exponentials of a softmax, which never exceed 1.
public record GuardDiscardedLanes() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!node.applies(ScalarFn.SELECT) || !node.dtype().isFloat() || isDrawn(node.operand(0))) {
      return Optional.empty();
    }
    Node condition = node.operand(0);
    Node then = guard(node.operand(1), condition, true, builder);
    Node otherwise = guard(node.operand(2), condition, false, builder);
    return then == node.operand(1) && otherwise == node.operand(2) ? Optional.empty()
        : Optional.of(builder.map(ScalarFn.SELECT, condition, then, otherwise));
  }

  /// The formula with every dangerous operand replaced by a harmless number where the condition is not `kept`.
  private static Node guard(Node root, Node condition, boolean kept, GraphBuilder builder) {
    List<Node> order = formula(root, condition);
    Map<Node, Node> guarded = new IdentityHashMap<>();
    for (int i = order.size() - 1; i >= 0; i--) {
      Node node = order.get(i);
      List<Node> operands = new ArrayList<>();
      for (Node operand : node.operands()) {
        operands.add(guarded.getOrDefault(operand, operand));
      }
      Optional<ScalarFn.Harmless> harmless = danger(node);
      if (harmless.isPresent() && !isGuarded(node.operand(harmless.get().operand()), condition)) {
        int place = harmless.get().operand();
        Node number = builder.fill(node.operand(place).type(), harmless.get().number());
        Node x = operands.get(place);
        operands.set(place, kept ? builder.map(ScalarFn.SELECT, condition, x, number)
            : builder.map(ScalarFn.SELECT, condition, number, x));
      }
      guarded.put(node, operands.equals(node.operands()) ? node : builder.add(node.op(), operands));
    }
    return guarded.getOrDefault(root, root);
  }

  /// The scalar functions from which the root is computed, users first; none below what the condition guards already.
  private static List<Node> formula(Node root, Node condition) {
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Node> found = new ArrayList<>();
    if (isFormula(root)) {
      seen.add(root);
      found.add(root);
    }
    for (int i = 0; i < found.size(); i++) {
      for (Node operand : found.get(i).operands()) {
        if (isFormula(operand) && !isGuarded(operand, condition) && seen.add(operand)) {
          found.add(operand);
        }
      }
    }
    found.sort((a, b) -> Integer.compare(b.id(), a.id()));
    return found;
  }

  private static boolean isFormula(Node node) {
    return node.op() instanceof Op.Map(var fn) && fn.isDifferentiable() && node.dtype().isFloat();
  }

  /// The operand for which the derivative may be infinite.
  private static Optional<ScalarFn.Harmless> danger(Node node) {
    ScalarFn fn = ((Op.Map) node.op()).fn();
    return fn.harmless().filter(harmless -> {
      Node operand = node.operand(harmless.operand());
      return Uniform.bits(operand).isEmpty()
          && !(fn == ScalarFn.EXP && Softmax.isShifted(operand));
    });
  }

  /// Whether it is made of random bits alone.
  private static boolean isDrawn(Node condition) {
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Node> waiting = new ArrayDeque<>(List.of(condition));
    boolean drawn = false;
    while (!waiting.isEmpty()) {
      Node node = waiting.pop();
      switch (node.op()) {
        case Op.Random _ -> drawn = true;
        case Op.Input _, Op.Control _, Op.Item _ -> {
          return false;
        }
        case Op.Source _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Sum _ ->
            node.operands().stream().filter(seen::add).forEach(waiting::push);
      }
    }
    return drawn;
  }

  /// Whether a choice on the condition is in the way, perhaps below guards of other conditions. (Two conditions whose choices
  /// lie in each other would else guard an operand in turn for ever.)
  private static boolean isGuarded(Node operand, Node condition) {
    Node node = operand;
    while (node.applies(ScalarFn.SELECT)) {
      if (node.operand(0) == condition) {
        return true;
      }
      boolean below = Uniform.bits(node.operand(2)).isPresent();
      if (!below && Uniform.bits(node.operand(1)).isEmpty()) {
        return false;
      }
      node = node.operand(below ? 1 : 2);
    }
    return false;
  }
}
