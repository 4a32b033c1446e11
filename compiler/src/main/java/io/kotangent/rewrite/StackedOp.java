package io.kotangent.rewrite;

import io.kotangent.ir.Axes;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.SumOrder;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;

/// A node of a loop's body for all iterations at once: operands that vary are stacked along a new first axis, and so is the
/// result. Each element is computed as it was: sums keep their order.
///
/// @param varying the operands that are stacked
public record StackedOp(Node node, BitSet varying) {
  /// Whether the op has such a form.
  public boolean exists() {
    return switch (node.op()) {
      case Op.Contract contract -> label(contract) != 0 && keepsForm(contract);
      case Op.Convolve convolve -> !varying.get(1) && convolve.batchGroups() == 1
          && convolve.data().charAt(0) == 'n' && convolve.result().charAt(0) == 'n';
      case Op.Gather(int axis, int batchDims) -> axis == 0 && batchDims == 0 && !varying.get(0);
      case Op.Pad _ -> !varying.get(1);
      case Op.Reduce _ -> node.operand(0).type().rank() < 26;
      case Op.Windows _, Op.OverlapAdd _ -> false;
      case Op.Lane _, Op.Layout _ -> true;
      case Op.Source _, Op.Indexing _, Op.Control _, Op.Item _ -> false;
    };
  }

  /// The same in the builder of `operands`.
  public Node apply(GraphBuilder builder, Dim count, List<Node> operands) {
    return switch (node.op()) {
      case Op.Contract contract -> builder.add(contract(contract), operands);
      case Op.Convolve convolve -> {
        Node joined = builder.add(convolve, join(builder, operands.getFirst()), operands.getLast());
        yield builder.reshape(joined, stacked(count, node.shape()));
      }
      case Op.Reduce(var kind, var axes, var order, var accumulator) -> builder.add(
          new Op.Reduce(kind, moved(axes), moved(order), accumulator), operands);
      case Op.Gather gather -> builder.add(gather, operands);
      case Op.Pad(var low, var high, var interior) -> builder.add(
          new Op.Pad(first(Dim.ZERO, low), first(Dim.ZERO, high), first(0, interior)), operands);
      case Op.Source _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Control _, Op.Item _ ->
          builder.add(layout(count), everywhere(builder, count, operands));
    };
  }

  /// A lane op as it is, a layout op with one more axis.
  private Op layout(Dim count) {
    return switch (node.op()) {
      case Op.Broadcast(var axes, var to) ->
          new Op.Broadcast(first(0, moved(axes)), stacked(count, to));
      case Op.Reshape(var to) -> new Op.Reshape(stacked(count, to));
      case Op.Transpose(var permutation) -> new Op.Transpose(first(0, moved(permutation)));
      case Op.Reverse(var axes) -> new Op.Reverse(moved(axes));
      case Op.Slice(var starts, var limits, var strides) -> new Op.Slice(first(Dim.ZERO, starts),
          first(count, limits), first(1, strides));
      case Op.Concat(int axis) -> new Op.Concat(axis + 1);
      case Op.Source _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ ->
          node.op();
    };
  }

  /// Operands that do not vary, repeated for each iteration.
  private List<Node> everywhere(GraphBuilder builder, Dim count, List<Node> operands) {
    List<Node> all = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      Node operand = operands.get(i);
      all.add(varying.get(i) ? operand
          : builder.broadcast(operand, moved(Axes.all(operand.type().rank())),
              stacked(count, operand.shape())));
    }
    return all;
  }

  /// A shape behind a new first axis.
  public static Shape stacked(Dim count, Shape shape) {
    return new Shape(first(count, shape.dims()));
  }

  private static <T> List<T> first(T head, List<T> rest) {
    List<T> all = new ArrayList<>(Collections.singletonList(head));
    all.addAll(rest);
    return all;
  }

  private static List<Integer> moved(List<Integer> axes) {
    return axes.stream().map(axis -> axis + 1).toList();
  }

  private static SumOrder moved(SumOrder order) {
    StringBuilder labels = new StringBuilder();
    order.labels().chars().forEach(label -> labels.append((char) (label + 1)));
    return new SumOrder(order.kind(), labels.toString());
  }

  /// The first two axes as one.
  private static Node join(GraphBuilder builder, Node x) {
    List<Dim> dims = new ArrayList<>(x.shape().dims());
    Dim count = dims.removeFirst();
    dims.set(0, count.times(dims.getFirst()));
    return builder.reshape(x, new Shape(dims));
  }

  private Op.Contract contract(Op.Contract op) {
    char t = label(op);
    return new Op.Contract(varying.get(0) ? t + op.left() : op.left(),
        varying.get(1) ? t + op.right() : op.right(), t + op.result(), op.order(),
        op.accumulator());
  }

  /// Whether a new sum of these labels would have the order that is kept: others are computed slowly.
  private boolean keepsForm(Op.Contract op) {
    Op.Contract more = contract(op);
    SumOrder fresh = SumOrder.of(List.of(more.left(), more.right()), more.result());
    return op.order().kind() == SumOrder.Kind.SEQUENTIAL || fresh.kind() == op.order().kind();
  }

  /// A label for the iterations; 0 if none is left.
  private static char label(Op.Contract contract) {
    String taken = contract.left() + contract.right();
    for (char label = 'a'; label <= 'z'; label++) {
      if (taken.indexOf(label) < 0) {
        return label;
      }
    }
    return 0;
  }
}
