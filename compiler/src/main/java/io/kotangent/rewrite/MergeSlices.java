package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `slice slice x` → `slice x` when the inner one takes every element of its range, and `x` itself if everything is taken.
public record MergeSlices() implements Rewrite {
  @Override
  public Optional<Node> apply(Node node, GraphBuilder builder) {
    if (!(node.op() instanceof Op.Slice outer)) {
      return Optional.empty();
    }
    Node x = node.operand(0);
    if (isWhole(outer, x.shape())) {
      return Optional.of(x);
    }
    if (!(x.op() instanceof Op.Slice inner) || !isDense(inner)) {
      return Optional.empty();
    }
    List<Dim> starts = new ArrayList<>();
    List<Dim> limits = new ArrayList<>();
    for (int axis = 0; axis < outer.starts().size(); axis++) {
      starts.add(inner.starts().get(axis).plus(outer.starts().get(axis)));
      limits.add(inner.starts().get(axis).plus(outer.limits().get(axis)));
    }
    return Optional.of(builder.add(new Op.Slice(starts, limits, outer.strides()), x.operand(0)));
  }

  private static boolean isDense(Op.Slice slice) {
    for (int stride : slice.strides()) {
      if (stride != 1) {
        return false;
      }
    }
    return true;
  }

  private static boolean isWhole(Op.Slice slice, Shape shape) {
    for (Dim start : slice.starts()) {
      if (!start.is(0)) {
        return false;
      }
    }
    return isDense(slice) && slice.limits().equals(shape.dims());
  }
}
