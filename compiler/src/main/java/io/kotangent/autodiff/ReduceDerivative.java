package io.kotangent.autodiff;

import io.kotangent.ir.Axes;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.type.TensorType;
import java.util.List;

/// The derivative of a [Op.Reduce] in both directions.
///
/// SUM is linear. MAX and MIN let only one element through: the first (the lowest row-major index over the reduced
/// axes) that is the result; the first NaN, if there is one. PRODUCT multiplies each element's tangent with the product
/// of all others, computed from the left and from the right, so zeros do no harm.
final class ReduceDerivative {
  private final GraphBuilder builder;
  private final ScalarDerivative scalar;
  private final Op.Reduce op;
  private final Node node;
  private final Node x;

  ReduceDerivative(GraphBuilder builder, ScalarDerivative scalar, Op.Reduce op, Node node) {
    this.builder = builder;
    this.scalar = scalar;
    this.op = op;
    this.node = node;
    this.x = node.operand(0);
  }

  /// The cotangent of the operand.
  Node transpose(Node g) {
    return weigh(Moves.spread(builder, g, x.shape(), op.axes()));
  }

  /// The tangent of the result.
  Node forward(Node tangent) {
    Node weighed = weigh(tangent);
    return op.kind().isOrdered()
        ? builder.add(new Op.Reduce(Op.Reduction.SUM, op.axes(), op.order(), op.accumulator()),
            weighed)
        : builder.sum(weighed, op.axes());
  }

  /// `seed`, of the operand's shape, times what a change of each element changes the result by.
  private Node weigh(Node seed) {
    if (op.axes().isEmpty()) {
      return seed;
    }
    return switch (op.kind()) {
      case SUM -> seed;
      case MAX, MIN -> builder.map(ScalarFn.SELECT, chosen(), seed, builder.fill(seed.type(), 0));
      case PRODUCT -> scalar.product(seed, othersProduct());
      case ALL, ANY, ARGMAX, ARGMIN -> throw new KotangentException(node + " has no derivative");
    };
  }

  /// Whether an element is the one that the result was taken from.
  private Node chosen() {
    boolean single = op.axes().size() == 1;
    Node flat = single ? x : Moves.flattenLast(builder, x, op.axes());
    int axis = single ? op.axes().getFirst() : flat.type().rank() - 1;
    Node place = flat.type().dim(axis).isAtLeast(1) ? argument(flat, axis) : firstHit(flat, axis);
    Node places = Moves.spread(builder, place, flat.shape(), List.of(axis));
    Node hit = builder.map(ScalarFn.EQ, builder.iota(flat.shape(), axis, DType.I32), places);
    return single ? hit : Moves.unflattenLast(builder, hit, x.shape(), op.axes());
  }

  private Node argument(Node flat, int axis) {
    Op.Reduction kind = op.kind() == Op.Reduction.MAX ? Op.Reduction.ARGMAX : Op.Reduction.ARGMIN;
    return builder.reduce(kind, flat, List.of(axis));
  }

  /// The lowest index of what equals the result, or is a NaN: also over no elements at all, where an ARGMAX is an error.
  private Node firstHit(Node flat, int axis) {
    Node result = Moves.spread(builder, node, flat.shape(), List.of(axis));
    Node hit = builder.map(ScalarFn.OR, builder.map(ScalarFn.EQ, flat, result),
        builder.map(ScalarFn.IS_NAN, flat));
    Node index = builder.iota(flat.shape(), axis, DType.I32);
    Node nowhere = builder.fill(index.type(), Integer.MAX_VALUE);
    return builder.reduce(Op.Reduction.MIN, builder.map(ScalarFn.SELECT, hit, index, nowhere),
        List.of(axis));
  }

  /// For each element the product of all the others.
  private Node othersProduct() {
    List<Integer> kept = Axes.others(op.axes(), x.type().rank());
    List<Integer> order = Axes.join(op.axes(), kept);
    Dim count = Axes.pick(x.shape(), op.axes()).size();
    Shape rest = Axes.pick(x.shape(), kept);
    Node rows = builder.reshape(Moves.transpose(builder, x, order), Moves.prepend(count, rest));
    Node both = builder.map(ScalarFn.MUL, running(rows, count, false), running(rows, count, true));
    return Moves.transpose(builder, builder.reshape(both, Axes.pick(x.shape(), order)),
        Axes.inverse(order));
  }

  /// The product of all rows before each one; after each one if `reverse`.
  private Node running(Node rows, Dim count, boolean reverse) {
    Shape rest = new Shape(rows.shape().dims().subList(1, rows.type().rank()));
    TensorType row = new TensorType(x.dtype(), rest);
    GraphBuilder body = new GraphBuilder();
    Node so = body.input(new Port("product", Role.INPUT, row));
    Node factor = body.input(new Port("factor", Role.INPUT, row));
    Graph step = body.graph("running_product", List.of(so, factor),
        List.of(new Graph.Result("next", body.map(ScalarFn.MUL, so, factor)),
            new Graph.Result("before", so)));
    Node loop = builder.add(new Op.Loop(step, count, 1, 1, reverse), builder.fill(row, 1), rows);
    return builder.item(loop, 1);
  }
}
