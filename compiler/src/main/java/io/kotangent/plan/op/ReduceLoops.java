package io.kotangent.plan.op;

import io.kotangent.ir.Basic;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.SumOrder;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.plan.nest.LaneTree;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.plan.nest.SharedLoops;
import io.kotangent.plan.nest.Sums;
import io.kotangent.plan.nest.Work;
import io.kotangent.type.Dim;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A reduction as plain loops: one result after the other, in the order that the sum demands.
final class ReduceLoops {
  private final NestBuilder nest = new NestBuilder();
  private final Node node;
  private final Op.Reduce op;
  private final Node source;
  private final ArrayParam array;
  /// A letter for each axis.
  private final String labels;
  private final Map<Character, Value> at = new HashMap<>();
  private final SummedLabels summed;

  private ReduceLoops(Node node, Op.Reduce op) {
    this.node = node;
    this.op = op;
    this.source = node.operand(0);
    this.array = nest.read(source, false);
    this.labels = SumOrder.axisLabels(source.shape().rank());
    this.summed =
        new SummedLabels(nest, summedLabels(), this::size, at, SummedLabels.Gate.OPEN);
  }

  static Nest of(Node node, Op.Reduce op) {
    ReduceLoops loops = new ReduceLoops(node, op);
    NestBuilder nest = loops.nest;
    ArrayParam target = nest.write(node, false);
    Dim each = loops.summed.count().times(2L * Work.ELEMENT);
    SharedLoops.over(nest, node.shape().dims(), each, index -> {
      int next = 0;
      for (int axis = 0; axis < loops.labels.length(); axis++) {
        if (!op.axes().contains(axis)) {
          loops.at.put(loops.labels.charAt(axis), index.get(next++));
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
    Value nothing = Sums.nothing(op.kind(), op.accumulator());
    if (op.axes().isEmpty()) {
      return nest.cast(nest.let(joined(nothing, element())), node.dtype());
    }
    boolean ordered = op.kind().isOrdered() && source.dtype().isFloat();
    if (ordered && op.order().kind() == SumOrder.Kind.LANES) {
      return nest.cast(lanes(nothing), node.dtype());
    }
    List<Local> total = List.of(nest.variable(nothing));
    SummedLabels.Step step = (sum, _) -> joined(sum, element());
    if (ordered) {
      summed.chunked(summed.chunks(), Sums.basic(op.kind()), nothing, total, step);
    } else {
      summed.whole(total, step);
    }
    return nest.cast(Value.ref(total.getFirst()), node.dtype());
  }

  private Value joined(Value total, Value value) {
    return Value.apply(Sums.basic(op.kind()), total, value);
  }

  private Value element() {
    return nest.cast(loaded(), op.accumulator());
  }

  private Value loaded() {
    List<Value> index = labels.chars().mapToObj(label -> at.get((char) label)).toList();
    return nest.load(array, IndexLoops.place(nest, index, source));
  }

  private Dim size(char label) {
    return source.shape().dim(labels.indexOf(label));
  }

  /// The summed axes in the order of the sum.
  private String summedLabels() {
    StringBuilder usual = new StringBuilder();
    op.axes().forEach(axis -> usual.append(labels.charAt(axis)));
    return op.kind().isOrdered() ? op.order().labels() : usual.toString();
  }

  private Value lanes(Value nothing) {
    Value length = nest.dim(summed.count());
    ArrayParam lane = nest.lanes(op.accumulator());
    LaneTree tree = new LaneTree(nest, Sums.basic(op.kind()), nothing);
    return tree.chunks(lane, length, chunk -> nest.loop("k", chunk.from(), chunk.to(), 1, false,
        k -> {
          spread(summedLabels(), k);
          Value l = nest.let(Value.apply(Basic.AND, k, Value.i32(SumOrder.LANES - 1)));
          nest.store(lane, l, joined(nest.load(lane, l), element()));
        }));
  }

  /// Splits a row-major position into the indices of the summed axes.
  private void spread(String axes, Value position) {
    Value rest = position;
    for (int i = axes.length() - 1; i > 0; i--) {
      Value size = nest.dim(size(axes.charAt(i)));
      at.put(axes.charAt(i), nest.let(Value.apply(Basic.REM, rest, size)));
      rest = nest.let(Value.apply(Basic.DIV, rest, size));
    }
    at.put(axes.charAt(0), rest);
  }

  /// The lowest index of the extreme; the first NaN wins.
  private Value position() {
    int axis = op.axes().getFirst();
    Value size = nest.dim(source.shape().dim(axis));
    nest.emit(new Stmt.Check(Value.apply(Basic.LT, Value.i32(0), size),
        op.kind() + " over nothing: expected at least one element along axis " + axis));
    char label = labels.charAt(axis);
    at.put(label, Value.i32(0));
    Local best = nest.variable(loaded());
    Local where = nest.variable(Value.i32(0));
    nest.loop("k", Value.i32(1), size, 1, false, k -> {
      at.put(label, k);
      Value value = loaded();
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
