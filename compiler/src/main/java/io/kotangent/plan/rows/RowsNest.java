package io.kotangent.plan.rows;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.SumOrder;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.plan.Place;
import io.kotangent.plan.group.Group;
import io.kotangent.plan.group.Grouping;
import io.kotangent.plan.group.View;
import io.kotangent.plan.nest.Chunks;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.plan.nest.SharedLoops;
import io.kotangent.plan.nest.SplitRows;
import io.kotangent.plan.nest.Sums;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The loops of a [Group.Kind#ROWS] group, in one of three forms: *flat*, one loop with one index for all arrays;
/// *blocks*, one long row, a block at a time; *rows*, a loop over the outer axes with a row inside.
public final class RowsNest {
  /// Elements of a block: divides the chunk of a sum, and some blocks fit into the first cache.
  static final int BLOCK = 1024;
  /// The same where there are many and nothing is summed: what is copied at once is long enough for the processor to fetch ahead.
  private static final int LONG_BLOCK = 4096;
  /// As many long blocks are many.
  private static final int MANY = 16;
  /// Elements that a scratch row is longer than a block: rows whose addresses differ by whole pages get into each other's way.
  private static final int APART = 124;
  private static final int FLAT_GRAIN = 256;
  /// Elements of a flat loop that one call of its row method does: a method that is called often is soon compiled as a
  /// whole, while one long loop would stay in the replacement that C2 made on the stack, unvectorized, for seconds.
  private static final int STRETCH = 2048;

  private final Group group;
  private final Grouping grouping;
  private final NestBuilder nest;

  private RowsNest(Group group, Grouping grouping) {
    this.group = group;
    this.grouping = grouping;
    this.nest = new NestBuilder(grouping.splitsRows());
  }

  public static Nest of(Group group, Grouping grouping, Function<Node, Place> places) {
    RowsNest rows = new RowsNest(group, grouping);
    Optional<Dim> offset = rows.commonOffset(places);
    if (offset.isPresent()) {
      Nest flat = rows.flat(offset.get(), places);
      if (!grouping.splitsRows() || !hasRowToSplit(flat.kernel().body())) {
        return flat;
      }
      rows = new RowsNest(group, grouping);
    }
    return group.split() == 0 ? rows.blocks() : rows.rows();
  }

  private static boolean hasRowToSplit(List<Stmt> body) {
    return body.stream()
        .anyMatch(s -> s instanceof Stmt.For loop
            && (loop.row() ? SplitRows.pays(loop) : hasRowToSplit(loop.body())));
  }

  // ---- flat

  /// The offset of all arrays, if the group is elementwise with no broadcast along part of an array and all arrays have the
  /// same one.
  private Optional<Dim> commonOffset(Function<Node, Place> places) {
    if (group.split() != 0 || group.fixed() != Group.OPEN) {
      return Optional.empty();
    }
    if (group.outputs().stream().anyMatch(n -> grouping.reading().parts().of(n).isPresent())) {
      return Optional.empty();
    }
    List<Node> whole = new ArrayList<>(group.outputs());
    for (Node node : group.nodes()) {
      if (node.op() instanceof Op.Iota) {
        return Optional.empty();
      }
      for (View view : grouping.reading().views(node)) {
        if (view.base().op() instanceof Op.Iota || view.cut().isPresent()) {
          return Optional.empty();
        }
        if (!group.contains(view.base()) && !isScalar(view)) {
          whole.add(view.base());
        }
      }
    }
    Dim offset = places.apply(whole.getFirst()).offset();
    return whole.stream().allMatch(n -> places.apply(n).offset().equals(offset))
        ? Optional.of(offset) : Optional.empty();
  }

  private Nest flat(Dim offset, Function<Node, Place> places) {
    updateInPlace(places);
    Map<Node, Value> values = new IdentityHashMap<>();
    RowPositions positions =
        new RowPositions(nest, grouping, group.domain(), 0, group.domain().rank());
    RowBody.Frame frame = new RowBody.Frame(List.of(), Value.i32(0), Value.i32(0));
    for (Node node : group.nodes()) {
      for (View view : grouping.reading().views(node)) {
        if (isScalar(view) && !group.contains(view.base())
            && !values.containsKey(view.base())) {
          values.put(view.base(), positions.scalar(frame, view));
        }
      }
    }
    NestBuilder.Span part = nest.parallel(offset, offset.plus(group.domain().size()), FLAT_GRAIN,
        group.laneWork());
    nest.loop("b", part.from(), part.to(), STRETCH, false, b -> {
      Value end = nest.min(nest.plus(b, Value.i32(STRETCH)), part.to());
      nest.loop("j", b, end, 1, true, j -> {
        for (Node node : group.nodes()) {
          List<Value> operands = new ArrayList<>();
          for (View view : grouping.reading().views(node)) {
            operands.add(
                values.computeIfAbsent(view.base(), base -> nest.load(nest.read(base, true), j)));
          }
          values.put(node, positions.lane(node, operands, frame));
        }
        group.outputs().forEach(node -> nest.store(nest.write(node, true), j, values.get(node)));
      });
    });
    return nest.finish();
  }

  /// Whether a view is of the same one element everywhere. (In a domain of one element all are like the domain, so that
  /// its loop equals those of larger ones.)
  private boolean isScalar(View view) {
    return view.axes().isEmpty() || view.isOneElement() && !group.domain().size().is(1);
  }

  /// Results that are where an operand is.
  private void updateInPlace(Function<Node, Place> places) {
    Map<Place, Node> operands = new LinkedHashMap<>();
    for (Node node : group.nodes()) {
      for (View view : grouping.reading().views(node)) {
        if (!group.contains(view.base()) && !isScalar(view)) {
          operands.put(places.apply(view.base()), view.base());
        }
      }
    }
    for (Node node : group.outputs()) {
      Node operand = operands.remove(places.apply(node));
      if (operand != null) {
        nest.update(node, operand);
      }
    }
  }

  // ---- blocks

  private Nest blocks() {
    Dim size = group.domain().size();
    boolean single = size.isConstant() && size.constant() <= BLOCK;
    RowBody probe = body(Value.i32(0));
    if (single || probe.needsWholeRow()) {
      wholeRow(0, nest.dim(size));
      return nest.finish();
    }
    if (group.fixed() == Group.OPEN) {
      return openBlocks(
          size.isConstant() && size.constant() >= MANY * LONG_BLOCK ? LONG_BLOCK : BLOCK);
    }
    RowBody body = body(Value.i32(BLOCK));
    Value length = nest.dim(size);
    body.prepare(false);
    body.startReductions();
    nest.loop("b", Value.i32(0), length, BLOCK, false, b -> {
      Value count = nest.min(Value.i32(BLOCK), nest.minus(length, b));
      body.emitStretch(new RowBody.Frame(List.of(), b, count));
      if (group.nodes().stream().anyMatch(Sums::needsLanes)) {
        Chunks.atEnds(nest, nest.plus(b, count), length, SumOrder.LANE_CHUNK, body::endChunk);
      }
    });
    body.finishReductions(new RowBody.Frame(List.of(), Value.i32(0), Value.i32(0)));
    for (Node node : group.outputs()) {
      if (group.isOuter(node)) {
        nest.store(nest.write(node, false), Value.i32(0), body.outerValue(node));
      }
    }
    return nest.finish();
  }

  /// Without reductions, any block is as good as another.
  private Nest openBlocks(int block) {
    RowBody body = body(Value.i32(block + APART));
    body.prepare(false);
    NestBuilder.Span part =
        nest.parallel(Dim.ZERO, group.domain().size(), BLOCK, group.laneWork());
    nest.loop("b", part.from(), part.to(), block, false, b -> {
      Value count = nest.min(Value.i32(block), nest.minus(part.to(), b));
      body.emitStretch(new RowBody.Frame(List.of(), b, count));
    });
    return nest.finish();
  }

  private RowBody body(Value capacity) {
    return new RowBody(nest, group, grouping, Optional.empty(), 0, group.domain().rank(), capacity);
  }

  // ---- rows

  private Nest rows() {
    int split = group.split();
    Shape row = new Shape(group.domain().dims().subList(split, group.domain().rank()));
    wholeRow(split, nest.dim(row.size()));
    return nest.finish();
  }

  /// Rows that are in scratch as a whole. (A sum over more than a chunk takes the row in pieces.)
  private void wholeRow(int split, Value length) {
    RowBody body =
        new RowBody(nest, group, grouping, Optional.empty(), split, group.domain().rank(), length);
    body.prepare(true);
    Shape row = new Shape(group.domain().dims().subList(split, group.domain().rank()));
    SharedLoops.over(nest, group.domain().dims().subList(0, split),
        group.laneWork().times(row.size()),
        index -> body.emitRow(new RowBody.Frame(index, Value.i32(0), length)));
  }
}
