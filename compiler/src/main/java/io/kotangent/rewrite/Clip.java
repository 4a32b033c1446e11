package io.kotangent.rewrite;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Lane functions that leave a value of a known range as it is, but for the sign of a zero and the last digits: `max(p, 0)`,
/// `relu(p)`, `abs(p)` of a probability, `1/(1/p)`, `p·3/3`.
final class Clip {
  private Clip() {
  }

  /// The operand that a node is equal to.
  static Optional<Node> of(Node node, KnownRange range) {
    if (!(node.op() instanceof Op.Map(var fn))) {
      return Optional.empty();
    }
    Node a = node.operand(0);
    return switch (fn) {
      case RELU, ABS -> range.isAtLeast(a, 0) ? Optional.of(a) : Optional.empty();
      case MAX, MIN, ADD -> besideConstant(fn, node, range);
      case SELECT -> {
        Optional<Node> taken = taken(node);
        yield taken.isPresent() && range.isAtLeast(taken.get(), 0) ? taken : Optional.empty();
      }
      case DIV, MUL -> {
        Multiple multiple = Multiple.of(node);
        yield multiple.of() != node && multiple.factor() == 1 && !multiple.inverted()
            ? Optional.of(multiple.of()) : Optional.empty();
      }
      default -> Optional.empty(); // changes some values
    };
  }

  private static Optional<Node> besideConstant(ScalarFn fn, Node node, KnownRange range) {
    for (int i = 0; i < 2; i++) {
      OptionalDouble number = Uniform.number(node.operand(1 - i));
      Node a = node.operand(i);
      if (number.isPresent() && isNeutral(fn, number.getAsDouble(), a, range)) {
        return Optional.of(a);
      }
    }
    return Optional.empty();
  }

  private static boolean isNeutral(ScalarFn fn, double number, Node a, KnownRange range) {
    return fn == ScalarFn.ADD ? number == 0
        : fn == ScalarFn.MAX ? range.isAtLeast(a, number) : range.isAtMost(a, number);
  }

  /// The a of `select(gt(a, 0), a, b)`, where b is 0 if a is: what a leaky ReLU or an ELU makes of what is not negative.
  private static Optional<Node> taken(Node select) {
    Node condition = select.operand(0);
    boolean then = condition.applies(ScalarFn.GT) || condition.applies(ScalarFn.GE);
    if (!then && !condition.applies(ScalarFn.LT) && !condition.applies(ScalarFn.LE)
        || !Uniform.isZero(condition.operand(1))) {
      return Optional.empty();
    }
    Node a = condition.operand(0);
    return select.operand(then ? 1 : 2) == a && vanishes(select.operand(then ? 2 : 1), a)
        ? Optional.of(a) : Optional.empty();
  }

  /// Whether a node is surely 0 where a is.
  private static boolean vanishes(Node node, Node a) {
    if (node == a || Uniform.isZero(node)) {
      return true;
    }
    if (!(node.op() instanceof Op.Map(var fn))) {
      return false;
    }
    List<Node> operands = node.operands();
    return switch (fn) {
      case NEG, ABS, RELU, EXPM1, TANH, SIN, SQRT, STOP_GRADIENT ->
          vanishes(operands.getFirst(), a);
      case MIN, MAX, ADD, SUB -> vanishes(operands.get(0), a) && vanishes(operands.get(1), a);
      case MUL -> vanishes(operands.get(0), a) && Uniform.number(operands.get(1)).isPresent()
          || vanishes(operands.get(1), a) && Uniform.number(operands.get(0)).isPresent();
      default -> false; // it is not looked into
    };
  }
}
