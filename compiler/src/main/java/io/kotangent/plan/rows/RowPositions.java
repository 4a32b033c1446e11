package io.kotangent.plan.rows;

import io.kotangent.ir.Basic;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Value;
import io.kotangent.plan.group.Grouping;
import io.kotangent.plan.group.Lodging;
import io.kotangent.plan.group.View;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/// Where things are, for the stretch of a row that a [RowBody] works on.
final class RowPositions {
  private final NestBuilder nest;
  private final Grouping grouping;
  private final Shape domain;
  private final int rowStart;
  private final int rowEnd;

  RowPositions(NestBuilder nest, Grouping grouping, Shape domain, int rowStart, int rowEnd) {
    this.nest = nest;
    this.grouping = grouping;
    this.domain = domain;
    this.rowStart = rowStart;
    this.rowEnd = rowEnd;
  }

  /// Whether a view of what is stored is read along the row; if not, it is of the same element all along it.
  boolean runsAlongRow(View view) {
    if (!view.suits(domain, rowStart, rowEnd)) {
      throw new KotangentException("a row of axes " + rowStart + " to " + rowEnd + " of " + domain
          + " cannot be read from " + view);
    }
    return view.runsAlong(domain, rowStart, rowEnd);
  }

  boolean isSameForAllRows(View view) {
    for (int axis : view.axes()) {
      if (!isInRow(axis) && !domain.dim(axis).is(1)) {
        return false;
      }
    }
    return true;
  }

  private boolean isInRow(int axis) {
    return axis >= rowStart && axis < rowEnd;
  }

  /// Where in the base of a view the stretch begins.
  Value startOf(RowBody.Frame frame, View view) {
    Value start = runsAlongRow(view) && !view.isOneElement() ? frame.start() : Value.i32(0);
    return startOf(frame, start, view.offset(), view.strides(domain.rank()));
  }

  /// The array that a result of the group is in.
  ArrayParam target(Node node) {
    return nest.write(grouping.reading().parts().of(node).map(Lodging::host).orElse(node), false);
  }

  /// Where in it the stretch begins.
  Value targetOf(RowBody.Frame frame, Node node) {
    return grouping.reading().parts().of(node)
        .map(here -> startOf(frame, frame.start(), here.offset(), here.strides()))
        .orElseGet(() -> startOf(frame, View.identity(node)));
  }

  private Value startOf(RowBody.Frame frame, Value inRow, Dim offset, List<Dim> strides) {
    Value start = nest.plus(inRow, nest.dim(offset));
    for (int axis = 0; axis < strides.size(); axis++) {
      if (!isInRow(axis) && !strides.get(axis).is(0)) {
        start = nest.plus(start, nest.times(outside(frame, axis), nest.dim(strides.get(axis))));
      }
    }
    return start;
  }

  /// The index along an axis outside the row.
  private Value outside(RowBody.Frame frame, int axis) {
    return frame.index().get(axis < rowStart ? axis : axis - (rowEnd - rowStart));
  }

  /// Whether a view is of an index that changes along the row.
  boolean isLaneIota(View view) {
    return view.base().op() instanceof Op.Iota iota && isInRow(view.course(iota.axis()).axis());
  }

  /// What a view of an [Op.Iota] yields at place `j` of the stretch.
  Value laneIota(RowBody.Frame frame, View view, Value j) {
    return iota(view, axis -> isInRow(axis) ? inRow(axis, nest.plus(frame.start(), j))
        : outside(frame, axis));
  }

  /// The only way to a computed index: the domain's, through the course of the view.
  private Value iota(View view, IntFunction<Value> index) {
    Op.Iota iota = (Op.Iota) view.base().op();
    View.Course course = view.course(iota.axis());
    return nest.cast(nest.plus(nest.times(index.apply(course.axis()), Value.i32(course.step())),
        nest.dim(course.start())), iota.dtype());
  }

  /// The index along an axis of the row at a place in the row.
  private Value inRow(int axis, Value place) {
    Dim inner = Dim.ONE;
    for (int i = axis + 1; i < rowEnd; i++) {
      inner = inner.times(domain.dim(i));
    }
    Value step = inner.is(1) ? place : nest.let(Value.apply(Basic.DIV, place, nest.dim(inner)));
    return axis == rowStart ? step
        : nest.let(Value.apply(Basic.REM, step, nest.dim(domain.dim(axis))));
  }

  /// A value that is the same along the row and not made by the group.
  Value scalar(RowBody.Frame frame, View view) {
    Node base = view.base();
    return switch (base.op()) {
      case Op.Constant(var value) when value.type().isScalar() ->
          new Value.Const(value.type().dtype(), value.bits(0));
      case Op.Size(var dim) -> size(dim);
      case Op.Iota _ -> iota(view, axis -> outside(frame, axis));
      case Op.Source _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ -> {
        if (!grouping.reading().isComputed(base)) {
          yield nest.load(nest.read(base, false), startOf(frame, view));
        }
        List<Value> operands = new ArrayList<>();
        base.operands().forEach(o -> operands.add(scalar(frame, View.identity(o))));
        yield nest.apply(base, operands);
      }
    };
  }

  /// What a lane node that is no iota makes of its operands.
  Value lane(Node node, List<Value> operands, RowBody.Frame frame) {
    return switch (node.op()) {
      case Op.Broadcast _ -> operands.getFirst();
      case Op.Size(var dim) -> size(dim);
      case Op.Iota _ -> scalar(frame, View.identity(node));
      case Op.Source _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ ->
          nest.apply(node, operands);
    };
  }

  Value size(Dim dim) {
    return nest.cast(nest.dim(dim), DType.I64);
  }
}
