package io.kotangent.plan.op;

import io.kotangent.ir.Basic;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.SumOrder;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.plan.nest.Chunks;
import io.kotangent.plan.nest.LaneTree;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.plan.nest.SharedLoops;
import io.kotangent.plan.nest.Sums;
import io.kotangent.plan.nest.Work;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.List;

/// A reduction as plain loops: one result after the other, in the order that the sum demands.
final class ReduceLoops {
  private final NestBuilder nest = new NestBuilder();
  private final Node node;
  private final Op.Reduce op;
  private final Node source;
  private final ArrayParam array;
  private final Value[] at;

  private ReduceLoops(Node node, Op.Reduce op) {
    this.node = node;
    this.op = op;
    this.source = node.operand(0);
    this.array = nest.read(source, false);
    this.at = new Value[source.shape().rank()];
  }

  static Nest of(Node node, Op.Reduce op) {
    ReduceLoops loops = new ReduceLoops(node, op);
    NestBuilder nest = loops.nest;
    ArrayParam target = nest.write(node, false);
    Dim each = Dim.of(2L * Work.ELEMENT);
    for (int axis : op.axes()) {
      each = each.times(loops.source.shape().dim(axis));
    }
    SharedLoops.over(nest, node.shape().dims(), each, index -> {
      int next = 0;
      for (int axis = 0; axis < loops.at.length; axis++) {
        if (!op.axes().contains(axis)) {
          loops.at[axis] = index.get(next++);
        }
      }
      nest.store(target, IndexLoops.place(nest, index, node), loops.result());
    });
    return nest.finish();
  }

  private Value result() {
    if (op.kind().isArg()) {
      return position();
    }
    if (op.axes().isEmpty()) {
      return nest.cast(nest.let(joined(Sums.nothing(op.kind(), op.accumulator()), element())),
          node.dtype());
    }
    boolean ordered = op.kind().isOrdered() && source.dtype().isFloat();
    if (ordered && op.order().kind() == SumOrder.Kind.SEQUENTIAL) {
      return sequential();
    }
    if (ordered) {
      return nest.cast(lanes(op.accumulator()), node.dtype());
    }
    Local total = nest.variable(Sums.nothing(op.kind(), op.accumulator()));
    inner(summedAxes(), 0, Value.i32(0), nest.dim(source.shape().dim(summedAxes().getFirst())),
        () -> nest.set(total, joined(Value.ref(total), element())));
    return nest.cast(Value.ref(total), node.dtype());
  }

  private Value joined(Value total, Value value) {
    return Value.apply(Sums.basic(op.kind()), total, value);
  }

  private Value element() {
    return nest.cast(nest.load(array, IndexLoops.place(nest, List.of(at), source)),
        op.accumulator());
  }

  /// The summed axes in the order of the sum.
  private List<Integer> summedAxes() {
    return op.kind().isOrdered()
        ? op.order().labels().chars().mapToObj(label -> label - 'a').toList() : op.axes();
  }

  private void inner(List<Integer> axes, int depth, Value from, Value to, Runnable body) {
    nest.loop("k", from, to, 1, false, k -> {
      at[axes.get(depth)] = k;
      if (depth + 1 < axes.size()) {
        inner(axes, depth + 1, Value.i32(0), nest.dim(source.shape().dim(axes.get(depth + 1))),
            body);
      } else {
        body.run();
      }
    });
  }

  private Value sequential() {
    List<Integer> axes = summedAxes();
    DType dtype = op.accumulator();
    Value nothing = Sums.nothing(op.kind(), dtype);
    Local total = nest.variable(nothing);
    Chunks.of(nest, axes.stream().map(source.shape()::dim).toList())
        .each(chunk -> chunk.sum(Sums.basic(op.kind()), nothing, List.of(total),
            part -> inner(axes, 0, chunk.from(), chunk.to(), () -> nest.set(part.getFirst(),
                joined(Value.ref(part.getFirst()), element())))));
    return nest.cast(Value.ref(total), node.dtype());
  }

  private Value lanes(DType dtype) {
    List<Integer> axes = summedAxes();
    Dim size = Dim.ONE;
    for (int axis : axes) {
      size = size.times(source.shape().dim(axis));
    }
    Value length = nest.dim(size);
    ArrayParam lane = nest.lanes(dtype);
    LaneTree tree = new LaneTree(nest, Sums.basic(op.kind()), Sums.nothing(op.kind(), dtype));
    return tree.chunks(lane, length, chunk -> nest.loop("k", chunk.from(), chunk.to(), 1, false,
        k -> {
          spread(axes, k);
          Value l = nest.let(Value.apply(Basic.AND, k, Value.i32(SumOrder.LANES - 1)));
          nest.store(lane, l, joined(nest.load(lane, l), element()));
        }));
  }

  /// Splits a row-major position into the indices of the summed axes.
  private void spread(List<Integer> axes, Value position) {
    Value rest = position;
    for (int i = axes.size() - 1; i > 0; i--) {
      Value size = nest.dim(source.shape().dim(axes.get(i)));
      at[axes.get(i)] = nest.let(Value.apply(Basic.REM, rest, size));
      rest = nest.let(Value.apply(Basic.DIV, rest, size));
    }
    at[axes.getFirst()] = rest;
  }

  /// The lowest index of the extreme; the first NaN wins.
  private Value position() {
    int axis = op.axes().getFirst();
    Value size = nest.dim(source.shape().dim(axis));
    nest.emit(new Stmt.Check(Value.apply(Basic.LT, Value.i32(0), size),
        op.kind() + " over nothing: expected at least one element along axis " + axis));
    at[axis] = Value.i32(0);
    Local best = nest.variable(nest.load(array, IndexLoops.place(nest, List.of(at), source)));
    Local where = nest.variable(Value.i32(0));
    nest.loop("k", Value.i32(1), size, 1, false, k -> {
      at[axis] = k;
      Value value = nest.load(array, IndexLoops.place(nest, List.of(at), source));
      Value better =
          op.kind() == Op.Reduction.ARGMAX ? Value.apply(Basic.LT, Value.ref(best), value)
              : Value.apply(Basic.LT, value, Value.ref(best));
      Value first = Value.apply(Basic.AND, Value.apply(Basic.NE, value, value),
          Value.apply(Basic.EQ, Value.ref(best), Value.ref(best)));
      nest.when(source.dtype().isFloat() ? Value.apply(Basic.OR, better, first) : better, () -> {
        nest.set(best, value);
        nest.set(where, k);
      }, () -> {
      });
    });
    return Value.ref(where);
  }
}
