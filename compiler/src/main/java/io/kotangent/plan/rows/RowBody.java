package io.kotangent.plan.rows;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.SumOrder;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Value;
import io.kotangent.plan.group.Group;
import io.kotangent.plan.group.Grouping;
import io.kotangent.plan.group.View;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.plan.nest.Sums;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The statements that compute one row (or one block of a long row) of a group: operands copied into scratch
/// rows, then for each stage a row loop that C2 vectorizes and the reductions of what it made, then results copied out.
///
/// A stage ends where a reduction over the row has to be complete before the row can go on. An *outer* node has one
/// value a row.
public final class RowBody {
  /// Where a stretch is.
  ///
  /// @param index the loop variables of the axes outside the row, in order
  /// @param start the stretch's first place in the row
  public record Frame(List<Value> index, Value start, Value length) {
  }

  private final NestBuilder nest;
  private final Group group;
  private final Grouping grouping;
  private final Optional<Node> head;
  private final RowPositions positions;
  private final Value capacity;
  private final Map<Node, List<View>> views = new IdentityHashMap<>();
  private final Map<Node, Integer> stages = new IdentityHashMap<>();
  private final int lastStage;
  private final Map<Node, ArrayParam> rows = new IdentityHashMap<>();
  private final Map<View, ArrayParam> operandRows = new LinkedHashMap<>();
  private final Map<View, ArrayParam> invariantRows = new LinkedHashMap<>();
  private final Map<Node, ArrayParam> lanes = new IdentityHashMap<>();
  private final Map<Node, Sums> running = new LinkedHashMap<>();
  private final Map<Node, Value> outer = new IdentityHashMap<>();
  private boolean whole;

  /// @param head the contraction whose rows come from elsewhere, if the group is its epilogue
  /// @param rowStart the axes of the domain from here to `rowEnd` make up the row; all others are outside
  /// @param capacity the most elements of a stretch
  public RowBody(NestBuilder nest, Group group, Grouping grouping, Optional<Node> head,
      int rowStart,
      int rowEnd,
      Value capacity) {
    this.nest = nest;
    this.group = group;
    this.head = head;
    this.grouping = grouping;
    this.positions = new RowPositions(nest, grouping, group.domain(), rowStart, rowEnd);
    this.capacity = capacity;
    int last = 0;
    for (Node node : group.nodes()) {
      views.put(node, isHead(node) ? List.of() : grouping.reading().views(node));
      int stage = isHead(node) ? 0 : stageOf(node);
      stages.put(node, stage);
      last = Math.max(last, stage);
    }
    lastStage = last;
  }

  private boolean isHead(Node node) {
    return head.isPresent() && head.get() == node;
  }

  private boolean isOuter(Node node) {
    return group.isOuter(node);
  }

  private static boolean isOfRow(Node node) {
    return node.op() instanceof Op.Reduce || node.op() instanceof Op.Gather;
  }

  /// A full node's stage; for an outer node the stage after which it is known (−1: before the first).
  private int stageOf(Node node) {
    int stage = isOuter(node) && !isOfRow(node) ? -1 : 0;
    for (View view : views.get(node)) {
      Integer made = stages.get(view.base());
      if (made != null) {
        stage = Math.max(stage, isOuter(view.base()) && !isOuter(node) ? made + 1 : made);
      }
    }
    return stage;
  }

  /// Whether a row has to be in scratch as a whole: a full node needs a reduction of its own row, or an element is picked
  /// that may be anywhere in it.
  boolean needsWholeRow() {
    return lastStage > 0 || group.nodes().stream().anyMatch(n -> n.op() instanceof Op.Gather);
  }

  // ---- before all rows

  /// Gives the head's row.
  public void provide(ArrayParam row) {
    rows.put(head.orElseThrow(), row);
  }

  /// Declares scratch and copies in, once, what is the same for all rows. Call it outside of the loops.
  ///
  /// @param wholeRows whether a stretch is a whole row
  public void prepare(boolean wholeRows) {
    whole = wholeRows;
    Map<Node, Boolean> late = lateRows();
    for (Node node : group.nodes()) {
      views.get(node).forEach(view -> prepareOperand(node, view));
      if (!isOuter(node) && !isHead(node) && late.containsKey(node)) {
        rows.put(node, nest.scratch(node.dtype(), capacity));
      }
      if (isReduction(node) && Sums.needsLanes(node) && !(wholeRows && Sums.isFew(capacity))) {
        lanes.put(node, nest.scratch(node.dtype(), Value.i32(SumOrder.LANES)));
      }
    }
  }

  private boolean isReduction(Node node) {
    return node.op() instanceof Op.Reduce && !isHead(node);
  }

  /// Full nodes whose values are needed beyond the row loop that makes them.
  private Map<Node, Boolean> lateRows() {
    Map<Node, Boolean> late = new IdentityHashMap<>();
    group.outputs().forEach(node -> late.put(node, true));
    for (Node reader : group.nodes()) {
      for (View view : views.get(reader)) {
        Integer made = stages.get(view.base());
        if (made != null && (isOfRow(reader) || !made.equals(stages.get(reader)))) {
          late.put(view.base(), true);
        }
      }
    }
    return late;
  }

  private void prepareOperand(Node reader, View view) {
    boolean external = !stages.containsKey(view.base())
        && (isReduction(reader) || !grouping.reading().isComputed(view.base()))
        && positions.runsAlongRow(view) && (isReduction(reader) || !view.isOneElement());
    if (!external || isOuter(reader) && !isReduction(reader) || operandRows.containsKey(view)
        || invariantRows.containsKey(view)) {
      return;
    }
    ArrayParam row = nest.scratch(view.base().dtype(), capacity);
    if (whole && positions.isSameForAllRows(view)) {
      invariantRows.put(view, row);
      nest.copy(nest.read(view.base(), false), nest.dim(view.offset()), row, Value.i32(0),
          capacity);
    } else {
      operandRows.put(view, row);
    }
  }

  // ---- one row, or several stretches of one

  /// Emits everything for one whole row.
  public void emitRow(Frame frame) {
    startReductions();
    emitStretch(frame);
    for (Node node : group.outputs()) {
      if (isOuter(node)) {
        nest.store(nest.write(node, false), positions.startOf(frame, View.identity(node)),
            outer.get(node));
      }
    }
  }

  /// Declares what reductions accumulate in.
  void startReductions() {
    running.clear();
    outer.clear();
    for (Node node : group.nodes()) {
      if (isReduction(node)) {
        running.put(node, new Sums(nest, node, Optional.ofNullable(lanes.get(node))));
      }
    }
  }

  /// Emits the stages of one stretch: row loops, reductions taken in, results copied out.
  void emitStretch(Frame frame) {
    operandRows.forEach(
        (view, row) -> nest.copy(nest.read(view.base(), false), positions.startOf(frame, view), row,
            Value.i32(0), frame.length()));
    emitOuter(frame, -1);
    for (int stage = 0; stage <= lastStage; stage++) {
      emitStage(frame, stage);
    }
    for (Node node : group.outputs()) {
      if (!isOuter(node)) {
        nest.copy(rows.get(node), Value.i32(0), positions.target(node),
            positions.targetOf(frame, node), frame.length());
      }
    }
  }

  /// Ends a chunk of the reductions over a row that is taken block by block.
  void endChunk(Value first) {
    running.values().forEach(sums -> sums.endChunk(first));
  }

  /// Makes the results of finished reductions known, and what follows from them.
  void finishReductions(Frame frame) {
    running.forEach((node, sums) -> outer.put(node, sums.result()));
    for (int stage = 0; stage <= lastStage; stage++) {
      emitOuter(frame, stage);
    }
  }

  Value outerValue(Node node) {
    return outer.get(node);
  }

  private void emitStage(Frame frame, int stage) {
    List<Node> full = group.nodes().stream()
        .filter(n -> !isOuter(n) && !isHead(n) && stages.get(n) == stage).toList();
    if (!full.isEmpty()) {
      Map<View, Value> scalars = loadScalars(frame, full);
      nest.row(frame.length(), capacity, j -> emitLanes(frame, full, scalars, j));
    }
    for (Node node : group.nodes()) {
      if (isOuter(node) && isOfRow(node) && stages.get(node) == stage) {
        takeIn(frame, node);
      }
    }
    if (whole) {
      emitOuter(frame, stage);
    }
  }

  private void takeIn(Frame frame, Node node) {
    ArrayParam values = rowOf(views.get(node).getFirst());
    if (node.op() instanceof Op.Gather) {
      if (!whole) {
        throw new KotangentException("a part of a row, of which " + node + " picks an element");
      }
      View indices = views.get(node).getLast();
      Value at =
          nest.cast(nest.load(nest.read(indices.base(), false), positions.startOf(frame, indices)),
              DType.I32);
      outer.put(node, nest.load(values, at));
      return;
    }
    Sums sums = running.get(node);
    if (whole) {
      sums.addWhole(values, frame.length());
      outer.put(node, sums.result());
    } else {
      sums.add(values, Value.i32(0), frame.length());
    }
  }

  private ArrayParam rowOf(View view) {
    for (ArrayParam row : new ArrayParam[] {rows.get(view.base()), operandRows.get(view),
        invariantRows.get(view)}) {
      if (row != null) {
        return row;
      }
    }
    throw new KotangentException("no row of " + view.base() + " in " + group);
  }

  /// Emits the outer lane nodes that are known after a stage.
  private void emitOuter(Frame frame, int stage) {
    for (Node node : group.nodes()) {
      if (isOuter(node) && !isOfRow(node) && stages.get(node) == stage) {
        List<Value> operands = new ArrayList<>();
        views.get(node).forEach(view -> operands.add(scalar(frame, view)));
        outer.put(node, positions.lane(node, operands, frame));
      }
    }
  }

  /// A value that is the same along the row.
  private Value scalar(Frame frame, View view) {
    Value known = outer.get(view.base());
    return known != null ? known : positions.scalar(frame, view);
  }

  private Map<View, Value> loadScalars(Frame frame, List<Node> full) {
    Map<View, Value> scalars = new LinkedHashMap<>();
    for (Node node : full) {
      for (View view : views.get(node)) {
        boolean inRow = stages.containsKey(view.base()) && !isOuter(view.base())
            || operandRows.containsKey(view)
            || invariantRows.containsKey(view) || positions.isLaneIota(view);
        if (!inRow && !scalars.containsKey(view)) {
          scalars.put(view, scalar(frame, view));
        }
      }
    }
    return scalars;
  }

  private void emitLanes(Frame frame, List<Node> full, Map<View, Value> scalars, Value j) {
    Map<Node, Value> made = new IdentityHashMap<>();
    Map<ArrayParam, Value> loaded = new LinkedHashMap<>();
    for (Node node : full) {
      List<Value> operands = new ArrayList<>();
      for (View view : views.get(node)) {
        Value value = made.get(view.base());
        if (value == null) {
          value = scalars.get(view);
        }
        if (value == null) {
          value = positions.isLaneIota(view) ? positions.laneIota(frame, view, j)
              : loaded.computeIfAbsent(rowOf(view), row -> nest.load(row, j));
        }
        operands.add(value);
      }
      Value value = node.op() instanceof Op.Iota ? positions.laneIota(frame, View.identity(node), j)
          : positions.lane(node, operands, frame);
      made.put(node, value);
      ArrayParam row = rows.get(node);
      if (row != null) {
        nest.store(row, j, value);
      }
    }
  }
}
