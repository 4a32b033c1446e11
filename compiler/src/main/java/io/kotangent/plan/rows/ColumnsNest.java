package io.kotangent.plan.rows;

import io.kotangent.ir.Basic;
import io.kotangent.ir.Node;
import io.kotangent.ir.SumOrder;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Value;
import io.kotangent.plan.group.Group;
import io.kotangent.plan.group.Grouping;
import io.kotangent.plan.nest.Chunks;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.plan.nest.Work;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The loops of a sum over the first axis of a matrix, by rows: four rows at a time are added to a row of sums, in
/// chunks, k increasing; then the epilogue runs on the finished row.
public final class ColumnsNest {
  private static final int DEPTH = 4;
  /// Elements from which SIMD code may be worth it.
  private static final int MANY = 2048;
  /// Columns that a thread does at a time, and vectors of them whose sums are in registers.
  private static final int PANEL = 512;
  private static final int VECTORS = 8;

  private ColumnsNest() {
  }

  public static Nest of(Group group, Grouping grouping) {
    NestBuilder nest = new NestBuilder(grouping.splitsRows());
    Node head = group.nodes().getFirst();
    Node matrix = head.operand(0);
    DType dtype = head.dtype();
    Value length = nest.dim(head.shape().dim(0));
    Value count = nest.dim(matrix.shape().dim(0));
    Value zero = new Value.Const(dtype, 0);
    ArrayParam total = nest.scratch(dtype, length);
    ArrayParam partial = nest.scratch(dtype, length);
    List<ArrayParam> copies = new ArrayList<>();
    for (int d = 0; d < DEPTH; d++) {
      copies.add(nest.scratch(dtype, length));
    }
    RowBody body = new RowBody(nest, group, grouping, Optional.of(head), 0, 1, length);
    body.provide(total);
    body.prepare(true);
    nest.fill(total, length, zero);
    Chunks.each(nest, count, SumOrder.CHUNK, chunk -> {
      nest.fill(partial, length, zero);
      Value end = chunk.to();
      nest.loop("k", chunk.from(), nest.minus(end, Value.i32(DEPTH - 1)), DEPTH, false,
          k -> add(nest, matrix, copies, partial, k, DEPTH, length));
      Value rest =
          nest.let(Value.apply(Basic.AND, nest.minus(end, chunk.from()), Value.i32(DEPTH - 1)));
      nest.loop("k", nest.minus(end, rest), end, 1, false,
          k -> add(nest, matrix, copies, partial, k, 1, length));
      chunk.join(
          () -> nest.copy(partial, Value.i32(0), total, Value.i32(0), length),
          () -> nest.loop("j", Value.i32(0), length, 1, true,
              j -> nest.store(total, j,
                  Value.apply(Basic.ADD, nest.load(total, j), nest.load(partial, j)))));
    });
    body.emitRow(new RowBody.Frame(List.of(), Value.i32(0), length));
    return nest.finish();
  }

  public static boolean pays(Node head, int leastWork) {
    Dim size = head.operand(0).shape().size();
    return leastWork == 0 || !size.isConstant() || size.constant() >= MANY;
  }

  /// The sums alone as SIMD code: lanes along the columns, k increasing inside, what is summed in registers.
  public static Nest lanes(Node head) {
    NestBuilder nest = new NestBuilder();
    Node matrix = head.operand(0);
    Dim columns = head.shape().dim(0);
    Dim rows = matrix.shape().dim(0);
    ArrayParam source = nest.read(matrix, false);
    ArrayParam target = nest.write(head, false);
    Value length = nest.dim(columns);
    boolean isOne = columns.isConstant() && columns.constant() <= PANEL;
    NestBuilder.Span part =
        nest.parallel(Dim.ZERO, isOne ? Dim.ONE : columns.ceilDiv(Dim.of(PANEL)), 1,
            rows.times(isOne ? columns : Dim.of(PANEL)).times(Work.SUMMED));
    nest.loop("p", part.from(), part.to(), 1, false, p -> {
      Value from = isOne ? Value.i32(0) : nest.times(p, Value.i32(PANEL));
      Value to = isOne ? length : nest.min(length, nest.plus(from, Value.i32(PANEL)));
      nest.lanes("j", from, to, VECTORS, true,
          j -> nest.store(target, j, sum(nest, source, j, length, nest.dim(rows), head.dtype())));
    });
    return nest.finish();
  }

  private static Value sum(NestBuilder nest, ArrayParam source, Value j, Value length, Value count,
      DType dtype) {
    Value zero = new Value.Const(dtype, 0);
    Local total = nest.variable(zero);
    Chunks.each(nest, count, SumOrder.CHUNK,
        chunk -> chunk.sum(Basic.ADD, zero, List.of(total),
            part -> nest.loop("k", chunk.from(), chunk.to(), 1, false,
                k -> nest.set(part.getFirst(), Value.apply(Basic.ADD, Value.ref(part.getFirst()),
                    nest.load(source, nest.plus(nest.times(k, length), j)))))));
    return Value.ref(total);
  }

  private static void add(NestBuilder nest, Node matrix, List<ArrayParam> copies, ArrayParam into,
      Value k, int rows,
      Value length) {
    ArrayParam source = nest.read(matrix, false);
    for (int d = 0; d < rows; d++) {
      Value row = nest.times(nest.plus(k, Value.i32(d)), length);
      nest.copy(source, row, copies.get(d), Value.i32(0), length);
    }
    nest.loop("j", Value.i32(0), length, 1, true, j -> {
      Value sum = nest.load(into, j);
      for (int d = 0; d < rows; d++) {
        sum = nest.let(Value.apply(Basic.ADD, sum, nest.load(copies.get(d), j)));
      }
      nest.store(into, j, sum);
    });
  }
}
