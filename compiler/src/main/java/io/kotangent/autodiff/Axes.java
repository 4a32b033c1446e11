package io.kotangent.autodiff;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.List;

/// Lists of axes, and nodes moved by them.
final class Axes {
  private Axes() {
  }

  /// The axes below `rank` that are not in `axes`, increasing.
  static List<Integer> others(int rank, List<Integer> axes) {
    List<Integer> others = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      if (!axes.contains(i)) {
        others.add(i);
      }
    }
    return others;
  }

  static List<Integer> concat(List<Integer> first, List<Integer> second) {
    List<Integer> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  @SafeVarargs
  static <T> List<T> join(List<T>... lists) {
    List<T> all = new ArrayList<>();
    for (List<T> list : lists) {
      all.addAll(list);
    }
    return all;
  }

  static List<Integer> inverse(List<Integer> permutation) {
    List<Integer> inverse = new ArrayList<>(permutation);
    for (int i = 0; i < permutation.size(); i++) {
      inverse.set(permutation.get(i), i);
    }
    return inverse;
  }

  /// A transpose; the operand itself where nothing moves.
  static Node transpose(GraphBuilder builder, Node x, List<Integer> permutation) {
    return permutation.equals(others(permutation.size(), List.of())) ? x
        : builder.transpose(x, permutation);
  }

  static Shape pick(Shape shape, List<Integer> axes) {
    return new Shape(axes.stream().map(shape::dim).toList());
  }

  static Shape append(Shape shape, Dim dim) {
    List<Dim> dims = new ArrayList<>(shape.dims());
    dims.add(dim);
    return new Shape(dims);
  }

  static Shape prepend(Dim dim, Shape shape) {
    List<Dim> dims = new ArrayList<>(List.of(dim));
    dims.addAll(shape.dims());
    return new Shape(dims);
  }

  /// Splits the leading factor `groups` off axis `from` and makes it the leading factor of axis `to`:
  /// `[I, G·O] → [G·I, O]`.
  static Node regroup(GraphBuilder builder, Node x, int from, int to, int groups) {
    Shape shape = x.shape();
    Dim inner = shape.dim(from).floorDiv(Dim.of(groups));
    List<Dim> split = new ArrayList<>(shape.dims());
    split.set(from, inner);
    split.add(from, Dim.of(groups));
    List<Integer> order = others(split.size(), List.of(from));
    int target = to < from ? to : to + 1;
    order.add(order.indexOf(target), from);
    List<Dim> merged = new ArrayList<>(shape.dims());
    merged.set(from, inner);
    merged.set(to, shape.dim(to).times(groups));
    Node moved = transpose(builder, builder.reshape(x, new Shape(split)), order);
    return builder.reshape(moved, new Shape(merged));
  }

  /// The same axes summed, reduced or kept: a reduction's operand with the reduced axes as one, the last.
  static Node flattenLast(GraphBuilder builder, Node x, List<Integer> axes) {
    List<Integer> kept = others(x.type().rank(), axes);
    Node moved = transpose(builder, x, concat(kept, axes));
    return builder.reshape(moved, append(pick(x.shape(), kept), pick(x.shape(), axes).size()));
  }

  /// Undoes [#flattenLast] for an operand of that shape.
  static Node unflattenLast(GraphBuilder builder, Node flat, Shape shape, List<Integer> axes) {
    List<Integer> order = concat(others(shape.rank(), axes), axes);
    return transpose(builder, builder.reshape(flat, pick(shape, order)), inverse(order));
  }

  /// A reduction's result repeated along the axes that it removed.
  static Node spread(GraphBuilder builder, Node reduced, Shape shape, List<Integer> axes) {
    return builder.broadcastTo(reduced, others(shape.rank(), axes), shape);
  }

  static Node reverse(GraphBuilder builder, Node x, List<Integer> axes) {
    return axes.isEmpty() ? x : builder.add(new Op.Reverse(axes), x);
  }
}
