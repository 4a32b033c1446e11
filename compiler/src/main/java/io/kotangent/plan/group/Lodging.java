package io.kotangent.plan.group;

import io.kotangent.ir.Node;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where the elements of a node are within another node's array.
///
/// @param host whose array it is
/// @param offset where the first element is
/// @param strides the distance of neighboring elements along each axis
public record Lodging(Node host, Dim offset, List<Dim> strides) {
  /// A node in its own array.
  static Lodging own(Node node) {
    return new Lodging(node, Dim.ZERO, node.shape().strides());
  }

  /// What a concatenation that is here has at `start` along an axis.
  Lodging part(int axis, Dim start) {
    return new Lodging(host, offset.plus(start.times(strides.get(axis))), strides);
  }

  /// The same elements under another shape; none if they have no one distance along an axis of it.
  Optional<Lodging> reshaped(Shape from, Shape to) {
    List<Dim> result = new ArrayList<>(to.dims());
    int axis = from.rank() - 1;
    Dim inner = Dim.ONE;
    for (int i = to.rank() - 1; i >= 0; i--) {
      Dim dim = to.dim(i);
      if (dim.is(1)) {
        result.set(i, Dim.ZERO);
        continue;
      }
      while (axis >= 0 && from.dim(axis).is(1)) {
        axis--;
      }
      if (axis < 0) {
        return Optional.empty();
      }
      result.set(i, strides.get(axis).times(inner));
      inner = inner.times(dim);
      if (inner.equals(from.dim(axis))) {
        axis--;
        inner = Dim.ONE;
      }
    }
    return inner.is(1) ? Optional.of(new Lodging(host, offset, result)) : Optional.empty();
  }

  /// The first axis of a shape from which on elements lie next to each other.
  int low(Shape shape) {
    int axis = shape.rank();
    Dim run = Dim.ONE;
    while (axis > 0 && (shape.dim(axis - 1).is(1) || strides.get(axis - 1).equals(run))) {
      axis--;
      run = run.times(shape.dim(axis));
    }
    return axis;
  }
}
