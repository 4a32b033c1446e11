package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `slice concat a, b, c` → a slice of the one operand in which the slice lies.
public record SliceOfConcat() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Slice slice)
        || !(node.operand(0).op() instanceof Op.Concat(var axis))) {
      return Optional.empty();
    }
    Dim start = slice.starts().get(axis);
    Dim limit = slice.limits().get(axis);
    Dim from = Dim.ZERO;
    for (Node part : node.operand(0).operands()) {
      Dim to = from.plus(part.shape().dim(axis));
      if (start.minus(from).isAtLeast(0) && to.minus(limit).isAtLeast(0)) {
        List<Dim> starts = new ArrayList<>(slice.starts());
        List<Dim> limits = new ArrayList<>(slice.limits());
        starts.set(axis, start.minus(from));
        limits.set(axis, limit.minus(from));
        return Optional.of(builder.add(new Op.Slice(starts, limits, slice.strides()), part));
      }
      from = to;
    }
    return Optional.empty();
  }
}
