package io.kotangent.rewrite;

import io.kotangent.ir.BasicEval;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.DType;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Constants all of whose elements are one number: a scalar constant, one broadcast, or a small tensor of equal bits.
final class Uniform {
  private static final int SMALL = 4096;

  private Uniform() {
  }

  /// Whether every element of the node is, bit for bit, this number in the node's type.
  static boolean is(Node node, double value) {
    Node at = source(node);
    if (!(at.op() instanceof Op.Constant(var literal))) {
      return false;
    }
    OptionalLong bits = bits(at.dtype(), value);
    return bits.isPresent() && isAll(literal, bits.getAsLong());
  }

  /// Whether every element is 0 or -0.
  static boolean isZero(Node node) {
    return is(node, 0) || is(node, -0.0);
  }

  /// The raw bits (see [BasicEval]) of the one number that all elements are.
  static OptionalLong bits(Node node) {
    return source(node).op() instanceof Op.Constant(var literal) && literal.length() > 0
        && isAll(literal, literal.bits(0)) ? OptionalLong.of(literal.bits(0))
            : OptionalLong.empty();
  }

  /// The one number that all elements of a float constant are.
  static OptionalDouble number(Node node) {
    Node at = source(node);
    boolean one = node.dtype().isFloat() && at.op() instanceof Op.Constant(var literal)
        && literal.length() > 0 && isAll(literal, literal.bits(0));
    return one ? OptionalDouble.of(((Op.Constant) at.op()).value().real(0))
        : OptionalDouble.empty();
  }

  private static Node source(Node node) {
    Node at = node;
    while (at.op() instanceof Op.Broadcast) {
      at = at.operand(0);
    }
    return at;
  }

  private static boolean isAll(Literal literal, long bits) {
    int length = literal.length();
    if (length == 0 || length > SMALL) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (literal.bits(i) != bits) {
        return false;
      }
    }
    return true;
  }

  /// A number in a type; none if it is no value of that type.
  private static OptionalLong bits(DType dtype, double value) {
    boolean whole = value == Math.rint(value) && (value != 0 || 1 / value > 0);
    return switch (dtype) {
      case F32 -> OptionalLong.of(BasicEval.bits((float) value));
      case F64 -> OptionalLong.of(BasicEval.bits(value));
      case I32 ->
          whole && value == (int) value ? OptionalLong.of((int) value) : OptionalLong.empty();
      case I64 ->
          whole && value == (long) value ? OptionalLong.of((long) value) : OptionalLong.empty();
      case BOOL -> whole && (value == 0 || value == 1) ? OptionalLong.of((long) value)
          : OptionalLong.empty();
    };
  }
}
