package io.kotangent.vmap;

import io.kotangent.ir.Axes;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.List;

/// The axis of examples, always the leading one, and values that are moved to and from it.
record BatchAxis(GraphBuilder builder, Dim size) {

  /// The value with the axis of examples: repeated if it has none.
  Node all(Mapped value) {
    Node x = value.node();
    return value.batched() ? x
        : builder.broadcast(x, shifted(Axes.all(x.type().rank())), shape(x.shape()));
  }

  /// The shape of all examples.
  Shape shape(Shape one) {
    return new Shape(before(size, one.dims()));
  }

  /// Axes of one example, as they are counted behind that of examples.
  List<Integer> shifted(List<Integer> axes) {
    return axes.stream().map(axis -> axis + 1).toList();
  }

  static <T> List<T> before(T first, List<T> rest) {
    List<T> all = new ArrayList<>(rest.size() + 1);
    all.add(first);
    all.addAll(rest);
    return all;
  }

  /// Moves an axis; those between make room.
  Node moved(Node x, int from, int to) {
    if (from == to) {
      return x;
    }
    List<Integer> order = Axes.others(List.of(from), x.type().rank());
    order.add(to, from);
    return builder.transpose(x, order);
  }

  /// Makes the leading axis the slower part of axis `axis` (counted behind it), of which `groups` parts stay slower still:
  /// `[N, …, G·m, …] → […, G·N·m, …]`.
  Node merged(Node x, int axis, int groups) {
    Dim each = x.shape().dim(axis + 1).floorDiv(Dim.of(groups));
    List<Dim> split = new ArrayList<>(x.shape().dims());
    split.set(axis + 1, each);
    split.add(axis + 1, Dim.of(groups));
    List<Dim> joined = new ArrayList<>(x.shape().dims().subList(1, x.type().rank()));
    joined.set(axis, each.times(size).times(groups));
    Node parts = builder.reshape(x, new Shape(split));
    return builder.reshape(moved(parts, 0, axis + 1), new Shape(joined));
  }

  /// Undoes [#merged].
  Node split(Node x, int axis, int groups, Dim each) {
    List<Dim> parts = new ArrayList<>(x.shape().dims());
    parts.set(axis, Dim.of(groups));
    parts.addAll(axis + 1, List.of(size, each));
    List<Dim> joined = new ArrayList<>(x.shape().dims());
    joined.set(axis, each.times(groups));
    joined.addFirst(size);
    Node front = moved(builder.reshape(x, new Shape(parts)), axis + 1, 0);
    return builder.reshape(front, new Shape(joined));
  }
}
