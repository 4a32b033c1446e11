package io.kotangent.plan;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// How something is cut, or two things put together, along an axis.
enum Cut {
  NONE, BEGINNING, END, MIDDLE, EVERY_SECOND, EVERY_THIRD_FROM_SECOND, ALL_BUT_FIRST, REVERSED,
  PADDED_BEFORE, PADDED_BETWEEN, BEFORE, AFTER, BETWEEN, END_OF_END, SECOND_OF_BOTH, LAST_OF_BOTH,
  ENDS_OF_BOTH, END_OF_REVERSED, REVERSED_END, END_OF_PADDED, PADDED_END, END_OF_TRANSPOSED,
  END_OF_BOTH_AXES, END_OF_RESHAPED;

  /// @param x what is cut
  /// @param other what else there may be, of the same type
  Node of(GraphBuilder b, Node x, Node other, int axis) {
    return switch (this) {
      case NONE -> x;
      case BEGINNING -> slice(b, x, axis, 0, -1, 1);
      case END -> slice(b, x, axis, 1, 0, 1);
      case MIDDLE -> slice(b, x, axis, 1, -1, 1);
      case EVERY_SECOND -> slice(b, x, axis, 0, 0, 2);
      case EVERY_THIRD_FROM_SECOND -> slice(b, x, axis, 1, 0, 3);
      case ALL_BUT_FIRST -> slice(b, x, 0, 1, 0, 1);
      case REVERSED -> b.add(new Op.Reverse(List.of(axis)), x);
      case PADDED_BEFORE -> pad(b, x, axis, 2, 0);
      case PADDED_BETWEEN -> pad(b, x, axis, 1, 1);
      case BEFORE -> b.add(new Op.Concat(axis), x, other);
      case AFTER -> b.add(new Op.Concat(axis), other, x);
      case BETWEEN -> b.add(new Op.Concat(axis), other, x, other);
      case END_OF_END -> slice(b, slice(b, x, axis, 1, 0, 1), axis, 1, 0, 1);
      case SECOND_OF_BOTH -> slice(b, b.add(new Op.Concat(axis), x, other), axis, 1, 0, 2);
      case LAST_OF_BOTH -> lastOf(b, b.add(new Op.Concat(axis), other, x), x, axis);
      case ENDS_OF_BOTH -> b.add(new Op.Concat(axis), slice(b, x, axis, 1, 0, 1),
          slice(b, other, axis, 0, -1, 1));
      case END_OF_REVERSED -> slice(b, b.add(new Op.Reverse(List.of(axis)), x), axis, 1, 0, 1);
      case REVERSED_END -> b.add(new Op.Reverse(List.of(axis)), slice(b, x, axis, 1, 0, 1));
      case END_OF_PADDED -> slice(b, pad(b, x, axis, 2, 0), axis, 1, 0, 1);
      case PADDED_END -> pad(b, slice(b, x, axis, 1, 0, 1), axis, 2, 0);
      case END_OF_TRANSPOSED -> {
        List<Integer> backwards = new ArrayList<>(CutSite.axesBut(x.shape().rank(), -1));
        Collections.reverse(backwards);
        yield slice(b, b.transpose(x, backwards), CutSite.last(x) - axis, 1, 0, 1);
      }
      case END_OF_BOTH_AXES -> slice(b, slice(b, x, 0, 1, 0, 1), CutSite.last(x), 1, -1, 1);
      case END_OF_RESHAPED -> slice(b, b.reshape(x, Shape.of(x.shape().size())), 0, 3, 0, 1);
    };
  }

  /// @param end negative: so many elements before the end; 0: the end
  private static Node slice(GraphBuilder b, Node x, int axis, int start, int end, int stride) {
    List<Dim> starts = new ArrayList<>();
    List<Dim> limits = new ArrayList<>(x.shape().dims());
    List<Integer> strides = new ArrayList<>();
    for (int i = 0; i < limits.size(); i++) {
      starts.add(Dim.of(i == axis ? start : 0));
      strides.add(i == axis ? stride : 1);
    }
    limits.set(axis, limits.get(axis).plus(end));
    return b.add(new Op.Slice(starts, limits, strides), x);
  }

  /// The last of two things that were put together.
  private static Node lastOf(GraphBuilder b, Node both, Node x, int axis) {
    List<Dim> starts = new ArrayList<>();
    List<Integer> strides = new ArrayList<>();
    for (int i = 0; i < both.shape().rank(); i++) {
      starts.add(i == axis ? both.shape().dim(i).minus(x.shape().dim(i)) : Dim.ZERO);
      strides.add(1);
    }
    return b.add(new Op.Slice(starts, both.shape().dims(), strides), both);
  }

  private static Node pad(GraphBuilder b, Node x, int axis, int low, int interior) {
    List<Dim> lows = new ArrayList<>();
    List<Dim> highs = new ArrayList<>();
    List<Integer> interiors = new ArrayList<>();
    for (int i = 0; i < x.shape().rank(); i++) {
      lows.add(Dim.of(i == axis ? low : 0));
      highs.add(Dim.of(i == axis ? 1 : 0));
      interiors.add(i == axis ? interior : 0);
    }
    return b.add(new Op.Pad(lows, highs, interiors), x, b.scalar(x.dtype(), 5));
  }
}
