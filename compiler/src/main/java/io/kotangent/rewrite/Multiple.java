package io.kotangent.rewrite;

import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import java.util.OptionalDouble;

/// A node as a constant times another, or divided by it, seen through all constant factors, divisors and signs.
///
/// @param inverted whether it is divided by it
record Multiple(double factor, boolean inverted, Node of) {
  /// The node itself, if it is no multiple or the factor is beyond all sizes.
  static Multiple of(Node node) {
    Multiple found = new Multiple(1, false, node);
    while (true) {
      Node at = found.of;
      int index = constant(at);
      if (at.applies(ScalarFn.NEG)) {
        found = new Multiple(-found.factor, found.inverted, at.operand(0));
      } else if (index >= 0) {
        double number = Uniform.number(at.operand(index)).orElseThrow();
        boolean divides = at.applies(ScalarFn.DIV) && index == 1;
        found = new Multiple(
            divides != found.inverted ? found.factor / number : found.factor * number,
            found.inverted != (at.applies(ScalarFn.DIV) && index == 0), at.operand(1 - index));
      } else {
        double size = Math.abs(found.factor);
        return size >= Float.MIN_NORMAL && size <= Float.MAX_VALUE ? found
            : new Multiple(1, false, node);
      }
    }
  }

  /// Which operand is a constant factor, a dividend or a divisor; −1 if none is.
  private static int constant(Node node) {
    if (node.applies(ScalarFn.MUL) || node.applies(ScalarFn.DIV)) {
      for (int i = 1; i >= 0; i--) {
        OptionalDouble number = Uniform.number(node.operand(i));
        if (number.isPresent() && number.getAsDouble() != 0
            && Double.isFinite(number.getAsDouble())) {
          return i;
        }
      }
    }
    return -1;
  }
}
