package io.kotangent.autodiff;

import io.kotangent.ir.Axes;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.SumOrder;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// How the cotangent of a node's result becomes that of an operand. Nearly every structural op is linear in each
/// operand, so this page is nearly the whole of reverse mode.
final class LinearTranspose {
  private final GraphBuilder builder;
  private final Activity activity;
  private final ScalarDerivative scalar;

  LinearTranspose(GraphBuilder builder, Activity activity) {
    this.builder = builder;
    this.activity = activity;
    this.scalar = new ScalarDerivative(builder);
  }

  /// The contribution of `g`, the cotangent of `node`, to the cotangent of one operand that a derivative reaches.
  Node transpose(Node node, int operand, Node g) {
    Node x = node.operand(operand);
    return switch (node.op()) {
      case Op.Map _ ->
          scalar.of(node, operand, g, place -> activity.isActive(node.operand(place)));
      case Op.Cast _ -> builder.cast(x.dtype(), g);
      case Op.Broadcast(var axes, var to) -> builder.sum(g, Axes.others(axes, to.rank()));
      case Op.Reshape _ -> builder.reshape(g, x.shape());
      case Op.Transpose(var permutation) -> builder.transpose(g, Axes.inverse(permutation));
      case Op.Reverse reverse -> builder.add(reverse, g);
      case Op.Slice slice -> slice(slice, x.type(), g);
      case Op.Pad pad ->
          operand == 0 ? cut(pad, x.type(), g) : padding(pad, x.type(), node.operand(0), g);
      case Op.Concat(var axis) -> part(axis, node.operands(), operand, g);
      case Op.Windows(var axes, var _, var strides, var dilations) -> builder.add(
          new Op.OverlapAdd(axes, strides, dilations, axes.stream().map(x.type()::dim).toList()),
          g);
      case Op.OverlapAdd(var axes, var strides, var dilations, var _) ->
          builder.add(new Op.Windows(axes, windowSizes(axes, node, x), strides, dilations), g);
      case Op.Gather(var axis, var batchDims) ->
          builder.add(new Op.Scatter(axis, batchDims), builder.fill(x.type(), 0), node.operand(1),
              g);
      case Op.Scatter(var axis, var batchDims) ->
          operand == 0 ? g : builder.add(new Op.Gather(axis, batchDims), g, node.operand(1));
      case Op.Reduce reduce -> new ReduceDerivative(builder, scalar, reduce, node).transpose(g);
      case Op.Contract contract -> contract(contract, node, operand, g);
      case Op.Convolve convolve -> {
        ConvolveTranspose both = new ConvolveTranspose(builder, convolve, node, g);
        yield operand == 0 ? both.ofData() : both.ofKernel();
      }
      case Op.Source _, Op.Sort _, Op.Control _, Op.Item _ -> throw notLinear(node);
    };
  }

  private static KotangentException notLinear(Node node) {
    return new KotangentException("no transpose of " + node);
  }

  /// Zeros around and between: `high` is what the operand has after the last element that was taken.
  private Node slice(Op.Slice slice, TensorType x, Node g) {
    List<Dim> high = new ArrayList<>();
    List<Integer> interior = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      int stride = slice.strides().get(i);
      Dim taken = g.type().dim(i);
      if (stride > 1 && taken.is(0)) {
        return builder.fill(x, 0);
      }
      Dim end = stride == 1
          ? slice.limits().get(i)
          : slice.starts().get(i).plus(taken.minus(1).times(stride)).plus(1);
      high.add(x.dim(i).minus(end));
      interior.add(stride - 1);
    }
    return builder.add(new Op.Pad(slice.starts(), high, interior), g, builder.scalar(x.dtype(), 0));
  }

  /// The elements that were not padding.
  private Node cut(Op.Pad pad, TensorType x, Node g) {
    List<Dim> more = new ArrayList<>();
    List<Dim> limits = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      int stride = pad.interior().get(i) + 1;
      boolean reaches = stride == 1 || x.dim(i).isAtLeast(1);
      more.add(reaches ? Dim.ZERO : Dim.of(stride - 1L));
      limits.add(reaches ? g.type().dim(i).minus(pad.high().get(i))
          : pad.low().get(i).plus(x.dim(i).times(stride)));
    }
    return builder.add(
        new Op.Slice(pad.low(), limits, pad.interior().stream().map(i -> i + 1).toList()),
        longer(g, more));
  }

  /// With zeros after the last element of each axis. (A pad puts as many too few around and between no elements as it puts
  /// between two; a slice that finds none must not end before it starts.)
  private Node longer(Node g, List<Dim> more) {
    if (more.stream().allMatch(dim -> dim.is(0))) {
      return g;
    }
    List<Dim> low = Collections.nCopies(more.size(), Dim.ZERO);
    List<Integer> interior = Collections.nCopies(more.size(), 0);
    return builder.add(new Op.Pad(low, more, interior), g, builder.scalar(g.dtype(), 0));
  }

  /// The sum over everything that was padding.
  private Node padding(Op.Pad pad, TensorType scalar, Node x, Node g) {
    TensorType bools = x.type().as(DType.BOOL);
    Node mask = builder.add(pad, builder.fill(bools, 1), builder.scalar(bools.dtype(), 0));
    Node outside = builder.map(ScalarFn.SELECT, mask, builder.fill(g.type(), 0), g);
    return builder.reshape(builder.sum(outside, Axes.all(g.type().rank())),
        scalar.shape());
  }

  private Node part(int axis, List<Node> parts, int operand, Node g) {
    Dim before = Dim.sum(
        parts.subList(0, operand).stream().map(earlier -> earlier.type().dim(axis)).toList());
    List<Dim> starts = new ArrayList<>();
    List<Dim> limits = new ArrayList<>();
    List<Integer> strides = new ArrayList<>();
    for (int i = 0; i < g.type().rank(); i++) {
      starts.add(i == axis ? before : Dim.ZERO);
      limits.add(i == axis ? before.plus(parts.get(operand).type().dim(axis)) : g.type().dim(i));
      strides.add(1);
    }
    return builder.add(new Op.Slice(starts, limits, strides), g);
  }

  private static List<Integer> windowSizes(List<Integer> axes, Node node, Node x) {
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < axes.size(); i++) {
      Dim size = x.type().dim(x.type().rank() - axes.size() + i);
      if (!size.isConstant()) {
        throw new GradientException("overlap_add with windows of the symbolic size " + size
            + " has no derivative: expected a constant window size, at " + node.origin());
      }
      sizes.add(Math.toIntExact(size.constant()));
    }
    return sizes;
  }

  private Node contract(Op.Contract c, Node node, int operand, Node g) {
    return operand == 0
        ? contract(c, c.result(), c.right(), c.left(), g, node.operand(1))
        : contract(c, c.left(), c.result(), c.right(), node.operand(0), g);
  }

  private Node contract(Op.Contract forward, String left, String right, String result, Node x,
      Node y) {
    SumOrder order = SumOrder.of(List.of(left, right), result);
    return builder.add(new Op.Contract(left, right, result, order, forward.accumulator()), x, y);
  }
}
