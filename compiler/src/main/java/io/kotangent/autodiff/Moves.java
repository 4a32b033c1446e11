package io.kotangent.autodiff;

import io.kotangent.ir.Axes;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.List;

/// Nodes whose axes are moved, split and joined.
final class Moves {
  private Moves() {
  }

  /// A transpose; the operand itself where nothing moves.
  static Node transpose(GraphBuilder builder, Node x, List<Integer> permutation) {
    return Axes.isIdentity(permutation) ? x
        : builder.transpose(x, permutation);
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
    List<Integer> order = Axes.others(List.of(from), split.size());
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
    List<Integer> kept = Axes.others(axes, x.type().rank());
    Node moved = transpose(builder, x, Axes.join(kept, axes));
    return builder.reshape(moved,
        append(Axes.pick(x.shape(), kept), Axes.pick(x.shape(), axes).size()));
  }

  /// Undoes [#flattenLast] for an operand of that shape.
  static Node unflattenLast(GraphBuilder builder, Node flat, Shape shape, List<Integer> axes) {
    List<Integer> order = Axes.join(Axes.others(axes, shape.rank()), axes);
    return transpose(builder, builder.reshape(flat, Axes.pick(shape, order)), Axes.inverse(order));
  }

  /// A reduction's result repeated along the axes that it removed.
  static Node spread(GraphBuilder builder, Node reduced, Shape shape, List<Integer> axes) {
    return builder.broadcastTo(reduced, Axes.others(axes, shape.rank()), shape);
  }

  static Node reverse(GraphBuilder builder, Node x, List<Integer> axes) {
    return axes.isEmpty() ? x : builder.add(new Op.Reverse(axes), x);
  }
}
