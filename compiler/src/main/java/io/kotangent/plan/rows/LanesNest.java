package io.kotangent.plan.rows;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.loop.LaneKinds;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.plan.group.Group;
import io.kotangent.plan.group.Grouping;
import io.kotangent.plan.group.View;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.plan.nest.SharedLoops;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The loops of an elementwise group as SIMD code: lanes along the row, arrays used where they are, without the copies that
/// [RowsNest] makes for C2.
public final class LanesNest {
  private static final int VECTORS = 2;
  /// Primitives of a lane up to which a pass takes that many vectors, and from which there is no SIMD code: a pass cannot be cut into
  /// several methods, and the JVM compiles none of over 8000 bytes. A primitive takes 45 bytes, or 30 with one vector.
  private static final int LONG = 120;
  private static final int TOO_LONG = 200;
  /// Rows no longer than this are inside the lanes, and so in one method with them.
  private static final int PANEL = 512;
  private static final int GRAIN = 256;
  /// Elements from which plain loops, cut into several, may be slower.
  private static final int MANY = 2048;
  /// Elements of a row that SIMD code is done with before plain loops have copied them.
  private static final int SHORT_ROW = 256;

  private final Group group;
  private final Grouping grouping;
  private final NestBuilder nest = new NestBuilder();
  private final RowPositions positions;
  private final int vectors;

  private LanesNest(Group group, Grouping grouping) {
    this.group = group;
    this.grouping = grouping;
    this.vectors = group.weight() > LONG ? 1 : VECTORS;
    this.positions = new RowPositions(nest, grouping, group.domain(), group.split(),
        group.domain().rank());
  }

  /// The loops, if SIMD code can be made of them.
  public static Optional<Nest> of(Group group, Grouping grouping) {
    if (group.fixed() != Group.OPEN || group.weight() > TOO_LONG) {
      return Optional.empty();
    }
    Nest built = new LanesNest(group, grouping).build();
    return canBe(built.kernel().body()) ? Optional.of(built) : Optional.empty();
  }

  /// Whether it may be worth it for a group that is not the epilogue of tiles.
  public static boolean pays(Group group, int leastWork) {
    return leastWork == 0 || group.isHeavy(MANY) || hasShortRows(group);
  }

  /// Whether it is many rows that are so short that copies and calls take most of the time in [RowsNest].
  private static boolean hasShortRows(Group group) {
    Dim size = group.domain().size();
    int split = group.split();
    Dim row = new Shape(group.domain().dims().subList(split, group.domain().rank())).size();
    return split > 0 && row.isConstant() && row.constant() <= SHORT_ROW
        && (!size.isConstant() || size.constant() >= MANY);
  }

  private static boolean canBe(List<Stmt> stmts) {
    return stmts.stream().allMatch(stmt -> switch (stmt) {
      case Stmt.For loop -> canBe(loop.body());
      case Stmt.Lanes lanes -> LaneKinds.of(lanes).complaint().isEmpty();
      case Stmt.Let _, Stmt.Assign _, Stmt.Store _, Stmt.Copy _, Stmt.Fill _, Stmt.Transpose _, Stmt.If _, Stmt.Check _ ->
          true;
    });
  }

  private Nest build() {
    int split = group.split();
    List<Dim> outer = group.domain().dims().subList(0, split);
    Dim size = new Shape(group.domain().dims().subList(split, group.domain().rank())).size();
    Dim work = group.laneWork().times(size);
    if (outer.isEmpty()) {
      NestBuilder.Span part = nest.parallel(Dim.ZERO, size, GRAIN, group.laneWork());
      Row row = row(new RowBody.Frame(List.of(), Value.i32(0), Value.i32(0)));
      nest.lanes("j", part.from(), part.to(), vectors, false, j -> row(row, j));
      return nest.finish();
    }
    Value length = nest.dim(size);
    if (!size.isConstant() || size.constant() > PANEL) {
      SharedLoops.over(nest, outer, work, index -> {
        Row row = row(new RowBody.Frame(index, Value.i32(0), length));
        lanes(length, j -> row(row, j));
      });
      return nest.finish();
    }
    for (Dim dim : outer.subList(1, split)) {
      work = work.times(dim);
    }
    NestBuilder.Span part = nest.parallel(Dim.ZERO, outer.getFirst(), 1, work);
    lanes(length, j -> nest.loop("i", part.from(), part.to(), 1, false,
        i -> SharedLoops.nested(nest, outer.subList(1, split), new ArrayList<>(List.of(i)),
            index -> row(row(new RowBody.Frame(index, Value.i32(0), length)), j))));
    return nest.finish();
  }

  private void lanes(Value length, Consumer<Value> body) {
    nest.lanes("j", Value.i32(0), length, vectors, false, body);
  }

  /// Where a row is.
  private record Row(RowBody.Frame frame, Map<View, Value> starts, Map<View, Value> scalars,
      Map<Node, Value> targets) {
  }

  private Row row(RowBody.Frame frame) {
    Map<View, Value> starts = new LinkedHashMap<>();
    Map<View, Value> scalars = new LinkedHashMap<>();
    for (Node node : group.nodes()) {
      for (View view : grouping.reading().views(node)) {
        if (isRow(view)) {
          starts.computeIfAbsent(view, v -> positions.startOf(frame, v));
        } else if (!group.contains(view.base()) && !positions.isLaneIota(view)) {
          scalars.computeIfAbsent(view, v -> positions.scalar(frame, v));
        }
      }
    }
    Map<Node, Value> targets = new LinkedHashMap<>();
    group.outputs()
        .forEach(node -> targets.put(node, positions.targetOf(frame, node)));
    return new Row(frame, starts, scalars, targets);
  }

  /// Whether a view is read along the row.
  private boolean isRow(View view) {
    return !group.contains(view.base()) && !grouping.reading().isComputed(view.base())
        && positions.runsAlongRow(view) && !view.isOneElement();
  }

  /// One turn on a row.
  private void row(Row row, Value j) {
    Map<Node, Value> made = new IdentityHashMap<>();
    for (Node node : group.nodes()) {
      List<Value> operands = new ArrayList<>();
      for (View view : grouping.reading().views(node)) {
        Value value = made.get(view.base());
        if (value == null) {
          value = row.scalars().get(view);
        }
        if (value == null) {
          value = positions.isLaneIota(view) ? positions.laneIota(row.frame(), view, j)
              : nest.load(nest.read(view.base(), false), nest.plus(row.starts().get(view), j));
        }
        operands.add(value);
      }
      made.put(node,
          node.op() instanceof Op.Iota ? positions.laneIota(row.frame(), View.identity(node), j)
              : positions.lane(node, operands, row.frame()));
    }
    row.targets().forEach((node, target) -> nest.store(positions.target(node),
        nest.plus(target, j), made.get(node)));
  }
}
