package io.kotangent.rewrite;

import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;

/// Proves that indices lie within an axis. What is declared of a port is true: it is checked when a program is entered, and
/// forgotten where a body is applied.
final class IndexRange {
  private IndexRange() {
  }

  /// Whether every element is surely in `0..size-1`.
  static boolean isWithin(Node indices, Dim size) {
    Node at = indices;
    while (keepsRange(at)) {
      at = at.operand(0);
    }
    return switch (at.op()) {
      case Op.Input(Port port) ->
          port.range().isPresent() && port.range().get().low() >= 0
              && size.isAtLeast(port.range().get().high() + 1);
      case Op.Constant(Literal literal) -> isWithin(literal, size);
      case Op.Iota iota -> size.minus(iota.shape().dim(iota.axis())).isAtLeast(0);
      case Op.Reduce reduce -> reduce.kind().isArg()
          && size.minus(at.operand(0).shape().dim(reduce.axes().getFirst())).isAtLeast(0);
      case Op.Source _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ -> false;
    };
  }

  /// Whether all elements are elements of the operand.
  static boolean keepsRange(Node node) {
    return switch (node.op()) {
      case Op.Broadcast _, Op.Reshape _, Op.Transpose _, Op.Reverse _, Op.Slice _, Op.Windows _, Op.Gather _ ->
          true;
      case Op.Cast _ -> node.dtype() == DType.I64 && node.operand(0).dtype() == DType.I32;
      case Op.Map(var fn) -> fn == ScalarFn.STOP_GRADIENT;
      case Op.Source _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ -> false;
    };
  }

  private static boolean isWithin(Literal literal, Dim size) {
    for (int i = 0; i < literal.length(); i++) {
      if (literal.bits(i) < 0 || !size.isAtLeast(literal.bits(i) + 1)) {
        return false;
      }
    }
    return literal.type().dtype().isInteger();
  }
}
