package io.kotangent.autodiff;

import io.kotangent.ir.Axes;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import java.util.List;

/// The derivative of a [Op.Sort] of floats: elements move, so tangents move with them.
final class SortDerivative {
  private SortDerivative() {
  }

  /// Puts each sorted place's cotangent where its element came from.
  static Node transpose(GraphBuilder builder, Op.Sort sort, Node node, Node g) {
    List<Integer> last = sortedLast(g.type().rank(), sort.axis());
    int axis = last.size() - 1;
    Node positions = Moves.transpose(builder, builder.item(node, 1), last);
    Node moved = Moves.transpose(builder, g, last);
    Node zeros = builder.fill(moved.type(), 0);
    Node scattered = builder.add(new Op.Scatter(axis, axis), zeros, positions, moved);
    return Moves.transpose(builder, scattered, Axes.inverse(last));
  }

  /// Picks the tangents of the elements that were sorted into each place.
  static Node forward(GraphBuilder builder, Op.Sort sort, Node node, Node tangent) {
    List<Integer> last = sortedLast(tangent.type().rank(), sort.axis());
    int axis = last.size() - 1;
    Node positions = Moves.transpose(builder, builder.item(node, 1), last);
    Node gathered =
        builder.add(new Op.Gather(axis, axis), Moves.transpose(builder, tangent, last), positions);
    return Moves.transpose(builder, gathered, Axes.inverse(last));
  }

  private static List<Integer> sortedLast(int rank, int axis) {
    return Axes.join(Axes.others(List.of(axis), rank), List.of(axis));
  }
}
