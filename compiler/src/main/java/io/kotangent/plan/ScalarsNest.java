package io.kotangent.plan;

import io.kotangent.ir.Basic;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.SumOrder;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The statements of a [Group.Kind#SCALARS] group: scalar operations, and reductions of whole arrays in memory, each
/// a loop over blocks.
final class ScalarsNest {
  private static final int BLOCK = RowsNest.BLOCK;
  /// Elements of a block of values that are checked.
  private static final int CHECKED = 512;
  private static final int CHAINS = 8;

  /// Elements that one thread checks at a time, if threads share that.
  private static final int SHARED = 4096;
  /// Picoseconds for each, about.
  private static final int CHECK = 100;

  private final NestBuilder nest = new NestBuilder();
  private final Grouping grouping;
  private final Group group;
  private final List<Node> joint;
  private final Map<Node, Value> values = new IdentityHashMap<>();
  private final Map<DType, ArrayParam> blocks = new java.util.EnumMap<>(DType.class);
  private final Map<DType, ArrayParam> lanes = new java.util.EnumMap<>(DType.class);
  private final Map<DType, ArrayParam> zeros = new java.util.EnumMap<>(DType.class);

  private final Set<Node> begun;

  private ScalarsNest(Group group, Grouping grouping, Set<Node> begun) {
    this.group = group;
    this.begun = begun;
    this.grouping = grouping;
    this.joint = joint();
  }

  /// @param begun the checks that [#beginning] was done of
  static Nest of(Group group, Grouping grouping, Set<Node> begun) {
    ScalarsNest scalars = new ScalarsNest(group, grouping, begun);
    for (Node node : group.nodes()) {
      scalars.values.put(node,
          node.op() instanceof Op.Reduce ? scalars.reduce(node) : scalars.lane(node));
    }
    for (Node node : group.outputs()) {
      scalars.nest.store(scalars.nest.write(node, false), Value.i32(0), scalars.values.get(node));
    }
    return scalars.nest.finish();
  }

  /// Whether a node checks so many values that threads should share it.
  static boolean isLargeCheck(Node node, Grouping grouping) {
    return node.op() instanceof Op.Reduce && isCheck(node.operand(0), grouping)
        && node.operand(0).shape().size().isConstant()
        && node.operand(0).shape().size().constant() >= 2 * SHARED;
  }

  /// How many zeros (or NaNs) the beginning of a check leaves.
  static Dim zeros(Node check) {
    return check.operand(0).shape().size().ceilDiv(Dim.of(SHARED)).times(CHECKED);
  }

  /// What holds them.
  static Nest.Held heldZeros(Node check) {
    return new Nest.Held(check, 1);
  }

  /// The part of a check that threads share: of each block, sums of x·0.
  static Nest beginning(Node check) {
    NestBuilder nest = new NestBuilder();
    Node operand = check.operand(0).operand(0);
    DType dtype = operand.dtype();
    Dim size = operand.shape().size();
    ArrayParam source = nest.read(operand, false);
    ArrayParam target = nest.write(heldZeros(check), dtype, false);
    ArrayParam block = nest.scratch(dtype, Value.i32(CHECKED));
    ArrayParam sums = nest.scratch(dtype, Value.i32(CHECKED));
    Value length = nest.parameter(size);
    NestBuilder.Span part = nest.parallel(Dim.ZERO, size.ceilDiv(Dim.of(SHARED)), 1,
        Dim.of((long) SHARED * CHECK));
    nest.loop("c", part.from(), part.to(), 1, false, c -> {
      Value from = nest.times(c, Value.i32(SHARED));
      nest.fill(sums, Value.i32(CHECKED), new Value.Const(dtype, 0));
      addZeros(nest, source, block, sums, from,
          nest.min(length, nest.plus(from, Value.i32(SHARED))));
      nest.copy(sums, Value.i32(0), target, nest.times(c, Value.i32(CHECKED)),
          Value.i32(CHECKED));
    });
    return nest.finish();
  }

  private static void addZeros(NestBuilder nest, ArrayParam source, ArrayParam block,
      ArrayParam sums, Value from, Value to) {
    Value zero = new Value.Const(source.dtype(), 0);
    nest.loop("b", from, to, CHECKED, false, b -> {
      Value count = nest.min(Value.i32(CHECKED), nest.minus(to, b));
      nest.copy(source, b, block, Value.i32(0), count);
      nest.loop("j", Value.i32(0), count, 1, true, j -> nest.store(sums, j,
          Value.apply(Basic.FMA, nest.load(block, j), zero, nest.load(sums, j))));
    });
  }

  private Value lane(Node node) {
    RowPositions positions = new RowPositions(nest, grouping, group.domain(), 0, 0);
    RowBody.Frame frame = new RowBody.Frame(List.of(), Value.i32(0), Value.i32(0));
    List<Value> operands = new ArrayList<>();
    for (View view : grouping.reading().views(node)) {
      operands.add(values.computeIfAbsent(view.base(), _ -> positions.scalar(frame, view)));
    }
    return positions.lane(node, operands, frame);
  }

  private Value reduce(Node node) {
    Node operand = node.operand(0);
    return isCheck(operand) ? allFinite(node, operand.operand(0)) : total(node, operand);
  }

  /// Checks of many values whose answers are only needed together: one after the other, up to the last.
  private List<Node> joint() {
    List<Node> checks = group.nodes().stream()
        .filter(node -> node.op() instanceof Op.Reduce && isCheck(node.operand(0))).toList();
    Set<Node> roots = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<DType> dtypes = EnumSet.noneOf(DType.class);
    for (Node check : checks) {
      Node root = check;
      List<Node> readers = grouping.uses().of(root);
      while (readers.size() == 1 && group.contains(readers.getFirst())
          && readers.getFirst().op() instanceof Op.Map(var fn) && fn == ScalarFn.AND) {
        root = readers.getFirst();
        readers = grouping.uses().of(root);
      }
      roots.add(root);
      dtypes.add(check.operand(0).operand(0).dtype());
    }
    boolean alone = Collections.disjoint(group.outputs(), checks);
    return roots.size() == 1 && dtypes.size() == 1 && alone ? checks : List.of();
  }

  private boolean isCheck(Node operand) {
    return isCheck(operand, grouping);
  }

  private static boolean isCheck(Node operand, Grouping grouping) {
    return grouping.reading().isDeferred(operand) && operand.op() instanceof Op.Map(var fn)
        && fn == ScalarFn.IS_FINITE;
  }

  private Value total(Node node, Node operand) {
    ArrayParam source = nest.read(operand, false);
    ArrayParam block =
        blocks.computeIfAbsent(operand.dtype(), d -> nest.scratch(d, Value.i32(BLOCK)));
    Optional<ArrayParam> lane = Sums.needsLanes(node)
        ? Optional.of(
            lanes.computeIfAbsent(node.dtype(), d -> nest.scratch(d, Value.i32(SumOrder.LANES))))
        : Optional.empty();
    Sums sums = new Sums(nest, node, lane);
    Value length = nest.parameter(operand.shape().size());
    nest.loop("b", Value.i32(0), length, BLOCK, false, b -> {
      Value count = nest.min(Value.i32(BLOCK), nest.minus(length, b));
      nest.copy(source, b, block, Value.i32(0), count);
      sums.add(block, Value.i32(0), count);
      if (lane.isPresent()) {
        Value end = nest.plus(b, count);
        Value full = Value.apply(Basic.EQ,
            Value.apply(Basic.REM, end, Value.i32(SumOrder.LANE_CHUNK)), Value.i32(0));
        Value last = Value.apply(Basic.EQ, end, length);
        nest.when(Value.apply(Basic.OR, full, last),
            () -> sums.endChunk(Value.apply(Basic.LE, end, Value.i32(SumOrder.LANE_CHUNK))), () -> {
            });
      }
    });
    return sums.result();
  }

  /// Whether all elements are finite: x·0 is 0 for finite x and NaN for all others, and sums of these tell the two
  /// apart without a branch, in a loop that C2 vectorises.
  private Value allFinite(Node check, Node operand) {
    boolean first = joint.isEmpty() || joint.getFirst() == check;
    boolean last = joint.isEmpty() || joint.getLast() == check;
    DType dtype = operand.dtype();
    boolean rest = begun.contains(check);
    ArrayParam source =
        rest ? nest.read(heldZeros(check), dtype, false) : nest.read(operand, false);
    ArrayParam block = blocks.computeIfAbsent(dtype, d -> nest.scratch(d, Value.i32(BLOCK)));
    ArrayParam sums = zeros.computeIfAbsent(dtype, d -> nest.scratch(d, Value.i32(CHECKED)));
    Value zero = new Value.Const(dtype, 0);
    Value length = nest.parameter(rest ? zeros(check) : operand.shape().size());
    if (first) {
      nest.fill(sums, Value.i32(CHECKED), zero);
    }
    addZeros(nest, source, block, sums, Value.i32(0), length);
    return last ? nest.let(Value.apply(Basic.EQ, joined(sums, zero), zero)) : Value.bool(true);
  }

  /// The sum of what is 0 or NaN: in any order, so in several chains at once.
  private Value joined(ArrayParam sums, Value zero) {
    List<Local> chains = new ArrayList<>();
    for (int c = 0; c < CHAINS; c++) {
      chains.add(nest.variable(zero));
    }
    nest.loop("j", Value.i32(0), Value.i32(CHECKED), CHAINS, false, j -> {
      for (int c = 0; c < CHAINS; c++) {
        nest.set(chains.get(c), Value.apply(Basic.ADD, Value.ref(chains.get(c)),
            nest.load(sums, nest.plus(j, Value.i32(c)))));
      }
    });
    Value total = Value.ref(chains.getFirst());
    for (Local chain : chains.subList(1, CHAINS)) {
      total = nest.let(Value.apply(Basic.ADD, total, Value.ref(chain)));
    }
    return total;
  }
}
