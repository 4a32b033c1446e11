package io.kotangent.plan.rows;

import io.kotangent.ir.Basic;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.ir.SumOrder;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Value;
import io.kotangent.plan.group.Group;
import io.kotangent.plan.group.Grouping;
import io.kotangent.plan.group.Reading;
import io.kotangent.plan.group.View;
import io.kotangent.plan.nest.Chunks;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.plan.nest.Sums;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The statements of a [Group.Kind#SCALARS] group: scalar operations, and reductions of whole arrays in memory, each
/// a loop over blocks.
public final class ScalarsNest {
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
  private final Map<Node, Value> values = new IdentityHashMap<>();
  private final Map<DType, ArrayParam> blocks = new EnumMap<>(DType.class);
  private final Map<DType, ArrayParam> lanes = new EnumMap<>(DType.class);
  private final Map<DType, ArrayParam> zeros = new EnumMap<>(DType.class);

  private final Map<Node, List<Checked>> checks;

  /// Checks of one kind can be one.
  private record Kind(DType dtype, double limit) {
    static Kind of(Node predicate) {
      return new Kind(Reading.checked(predicate).dtype(),
          Reading.limitOf(predicate).orElse(Double.POSITIVE_INFINITY));
    }
  }

  /// What a check is to look at: values, or the zeros (or NaNs) that the beginning of a check left of them.
  ///
  /// @param limit below which power of two they are to be, or infinity
  public record Checked(Nest.Held held, DType dtype, double limit, Dim length) {
    /// Whether they are so many that threads should share them.
    public boolean isLarge() {
      return length.isConstant() && length.constant() >= 2 * SHARED;
    }

    /// What [#beginning] leaves of them.
    public Checked begun(Nest.Held left) {
      return new Checked(left, dtype, Double.POSITIVE_INFINITY,
          length.ceilDiv(Dim.of(SHARED)).times(CHECKED));
    }
  }

  private ScalarsNest(Group group, Grouping grouping, Map<Node, List<Checked>> checks) {
    this.group = group;
    this.checks = checks;
    this.grouping = grouping;
  }

  /// @param checks what each of [#checks] looks at; those that look at nothing hold
  public static Nest of(Group group, Grouping grouping, Map<Node, List<Checked>> checks) {
    ScalarsNest scalars = new ScalarsNest(group, grouping, checks);
    for (Node node : group.nodes()) {
      scalars.values.put(node,
          node.op() instanceof Op.Reduce ? scalars.reduce(node) : scalars.lane(node));
    }
    for (Node node : group.outputs()) {
      scalars.nest.store(scalars.nest.write(node, false), Value.i32(0), scalars.values.get(node));
    }
    return scalars.nest.finish();
  }

  /// The part of a check that threads share: of each block, sums of x·0.
  public static Nest beginning(Checked values, Checked zeros) {
    NestBuilder nest = new NestBuilder();
    DType dtype = values.dtype();
    Dim size = values.length();
    ArrayParam source = nest.read(values.held(), dtype, false);
    ArrayParam target = nest.write(zeros.held(), dtype, false);
    ArrayParam block = nest.scratch(dtype, Value.i32(CHECKED));
    ArrayParam sums = nest.scratch(dtype, Value.i32(CHECKED));
    Value length = nest.parameter(size);
    NestBuilder.Span part = nest.parallel(Dim.ZERO, size.ceilDiv(Dim.of(SHARED)), 1,
        Dim.of((long) SHARED * CHECK));
    nest.loop("c", part.from(), part.to(), 1, false, c -> {
      Value from = nest.times(c, Value.i32(SHARED));
      nest.fill(sums, Value.i32(CHECKED), new Value.Const(dtype, 0));
      addZeros(nest, source, values.limit(), block, sums, from,
          nest.min(length, nest.plus(from, Value.i32(SHARED))));
      nest.copy(sums, Value.i32(0), target, nest.times(c, Value.i32(CHECKED)),
          Value.i32(CHECKED));
    });
    return nest.finish();
  }

  private static void addZeros(NestBuilder nest, ArrayParam source, double limit,
      ArrayParam block, ArrayParam sums, Value from, Value to) {
    Value zero = new Value.Const(source.dtype(), 0);
    nest.loop("b", from, to, CHECKED, false, b -> {
      Value count = nest.min(Value.i32(CHECKED), nest.minus(to, b));
      nest.copy(source, b, block, Value.i32(0), count);
      nest.loop("j", Value.i32(0), count, 1, true, j -> {
        Value x = nest.load(block, j);
        Value checked = Double.isInfinite(limit) ? x
            : Value.apply(Basic.MUL, x, infiniteFrom(limit, source.dtype()));
        nest.store(sums, j, Value.apply(Basic.FMA, checked, zero, nest.load(sums, j)));
      });
    });
  }

  /// What overflows times that power of two, and nothing below it.
  private static Value infiniteFrom(double limit, DType dtype) {
    int exponents = dtype == DType.F32 ? Float.MAX_EXPONENT : Double.MAX_EXPONENT;
    double factor = Math.scalb(1.0, exponents + 1 - Math.getExponent(limit));
    return new Value.Const(dtype, Literal.scalar(dtype, factor).bits(0));
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
    return checks.containsKey(node) ? allFinite(checks.get(node), Reading.checked(operand).dtype())
        : total(node, operand);
  }

  /// The checks of many values in a group; those whose answers are only needed together are one, which the last of them answers.
  public static List<List<Node>> checks(Group group, Grouping grouping) {
    Map<Node, Map<Kind, List<Node>>> together = new LinkedHashMap<>();
    for (Node node : group.nodes()) {
      if (node.op() instanceof Op.Reduce && isCheck(node.operand(0), grouping)) {
        together.computeIfAbsent(answer(node, group, grouping), _ -> new LinkedHashMap<>())
            .computeIfAbsent(Kind.of(node.operand(0)), _ -> new ArrayList<>()).add(node);
      }
    }
    return together.values().stream().flatMap(checks -> checks.values().stream()).toList();
  }

  /// What needs a check and no other part of what it is a part of: the whole of an `and`, as far as it is in the group.
  private static Node answer(Node check, Group group, Grouping grouping) {
    Node whole = check;
    while (!group.outputs().contains(whole) && grouping.uses().of(whole).size() == 1) {
      Node reader = grouping.uses().of(whole).getFirst();
      if (!group.contains(reader)
          || !(reader.op() instanceof Op.Map(var fn) && fn == ScalarFn.AND)) {
        break;
      }
      whole = reader;
    }
    return whole;
  }

  private static boolean isCheck(Node operand, Grouping grouping) {
    return grouping.reading().isDeferred(operand) && Reading.limitOf(operand).isPresent();
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
        Chunks.atEnds(nest, nest.plus(b, count), length, SumOrder.LANE_CHUNK, sums::endChunk);
      }
    });
    return sums.result();
  }

  /// Whether all elements are finite (below a limit: times what then overflows): x·0 is 0 for finite x and NaN for all others, and sums of these tell the two
  /// apart without a branch, in a loop that C2 vectorizes.
  private Value allFinite(List<Checked> checked, DType dtype) {
    if (checked.isEmpty()) {
      return Value.bool(true);
    }
    ArrayParam block = blocks.computeIfAbsent(dtype, d -> nest.scratch(d, Value.i32(BLOCK)));
    ArrayParam sums = zeros.computeIfAbsent(dtype, d -> nest.scratch(d, Value.i32(CHECKED)));
    Value zero = new Value.Const(dtype, 0);
    nest.fill(sums, Value.i32(CHECKED), zero);
    for (Checked each : checked) {
      addZeros(nest, nest.read(each.held(), dtype, false), each.limit(), block, sums,
          Value.i32(0), nest.parameter(each.length()));
    }
    return nest.let(Value.apply(Basic.EQ, joined(sums, zero), zero));
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
