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
    // where the slice lies, counted from the beginning of each part
    Dim start = slice.starts().get(axis);
    Dim limit = slice.limits().get(axis);
    for (Node part : node.operand(0).operands()) {
      Dim size = part.shape().dim(axis);
      if (start.isAtLeast(0) && size.minus(limit).isAtLeast(0)) {
        List<Dim> starts = new ArrayList<>(slice.starts());
        List<Dim> limits = new ArrayList<>(slice.limits());
        starts.set(axis, start);
        limits.set(axis, limit);
        return Optional.of(builder.add(new Op.Slice(starts, limits, slice.strides()), part));
      }
      start = start.minus(size);
      limit = limit.minus(size);
    }
    return Optional.empty();
  }
}
