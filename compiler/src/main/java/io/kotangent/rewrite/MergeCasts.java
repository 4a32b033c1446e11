package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.DType;
import java.util.Optional;

/// `cast cast x` → `cast x` when the inner cast keeps every value (f32 to f64, i32 to i64 or f64, bool to anything), and `x`
/// itself if it had that type: `f32 → f64 → f32`.
public record MergeCasts() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Cast(var to))) {
      return Optional.empty();
    }
    Node x = node.operand(0);
    if (x.dtype() == to) {
      return Optional.of(x);
    }
    return x.op() instanceof Op.Cast && keepsValues(x.operand(0).dtype(), x.dtype())
        ? Optional.of(builder.cast(to, x.operand(0))) : Optional.empty();
  }

  private static boolean keepsValues(DType from, DType to) {
    return switch (from) {
      case BOOL -> true;
      case I32 -> to == DType.I64 || to == DType.F64;
      case F32 -> to == DType.F64;
      case I64, F64 -> false;
    };
  }
}
