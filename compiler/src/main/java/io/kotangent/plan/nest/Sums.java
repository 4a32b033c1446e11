package io.kotangent.plan.nest;

import io.kotangent.ir.Basic;
import io.kotangent.ir.BasicEval;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.SumOrder;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Value;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import java.util.function.BiFunction;

/// Reduces a stretch of values to one, in the order that the numerics contract says (ARCHITECTURE 5): the pieces
/// that loop nests use for reductions over rows.
public final class Sums {
  private final NestBuilder nest;
  private final Op.Reduction kind;
  private final DType dtype;
  private final boolean ordered;
  private final Local total;
  private final java.util.Optional<ArrayParam> lanes;

  /// Declares the variables of a reduction; call it in the block that is to see the [#result()].
  ///
  /// @param lanes 32 scratch elements, for sums and products of floats
  public Sums(NestBuilder nest, Node reduce, java.util.Optional<ArrayParam> lanes) {
    this.nest = nest;
    this.kind = ((Op.Reduce) reduce.op()).kind();
    this.dtype = reduce.dtype();
    this.lanes = lanes;
    this.ordered = needsLanes(reduce);
    this.total = nest.variable(nothing());
    lanes.ifPresent(l -> nest.fill(l, Value.i32(SumOrder.LANES), nothing()));
  }

  /// Whether a node is a reduction whose order matters, so that it is made in lanes and chunks.
  public static boolean needsLanes(Node node) {
    return node.op() instanceof Op.Reduce reduce && node.dtype().isFloat()
        && reduce.kind().isOrdered();
  }

  /// Whether a whole row has no more values than there are lanes: then it needs no array of lanes.
  public static boolean isFew(Value length) {
    return NestBuilder.isConstant(length) && NestBuilder.intOf(length) <= SumOrder.LANES;
  }

  public Value result() {
    return Value.ref(total);
  }

  private Value nothing() {
    return nothing(kind, dtype);
  }

  private Basic basic() {
    return basic(kind);
  }

  /// What a reduction of nothing is.
  public static Value nothing(Op.Reduction kind, DType dtype) {
    return switch (kind) {
      case SUM -> number(dtype, 0);
      case PRODUCT -> number(dtype, 1);
      case MAX -> extreme(dtype, false);
      case MIN -> extreme(dtype, true);
      case ALL -> Value.bool(true);
      case ANY -> Value.bool(false);
      case ARGMAX, ARGMIN -> throw new KotangentException("no reduction over rows: " + kind);
    };
  }

  private static Value number(DType dtype, double value) {
    return new Value.Const(dtype, switch (dtype) {
      case F32 -> BasicEval.bits((float) value);
      case F64 -> BasicEval.bits(value);
      case I32, I64, BOOL -> (long) value;
    });
  }

  private static Value extreme(DType dtype, boolean largest) {
    return new Value.Const(dtype, switch (dtype) {
      case F32 -> BasicEval.bits(largest ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY);
      case F64 -> BasicEval.bits(largest ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY);
      case I32 -> largest ? Integer.MAX_VALUE : Integer.MIN_VALUE;
      case I64 -> largest ? Long.MAX_VALUE : Long.MIN_VALUE;
      case BOOL -> throw new KotangentException("no greatest bool");
    });
  }

  /// What joins two partial results.
  public static Basic basic(Op.Reduction kind) {
    return switch (kind) {
      case SUM -> Basic.ADD;
      case PRODUCT -> Basic.MUL;
      case MAX -> Basic.MAX;
      case MIN -> Basic.MIN;
      case ALL -> Basic.AND;
      case ANY -> Basic.OR;
      case ARGMAX, ARGMIN -> throw new KotangentException("no reduction over rows: " + kind);
    };
  }

  /// Takes in a whole row, chunk by chunk.
  public void addWhole(ArrayParam values, Value length) {
    if (ordered && isFew(length)) {
      nest.set(total, tree().few(Value.i32(0), NestBuilder.intOf(length), true, step(values)));
      return;
    }
    boolean brief =
        NestBuilder.isConstant(length) && NestBuilder.intOf(length) <= SumOrder.LANE_CHUNK;
    if (lanes.isEmpty() || brief) {
      add(values, Value.i32(0), length);
      endChunk(Value.bool(true));
      return;
    }
    Chunks.each(nest, length, SumOrder.LANE_CHUNK, chunk -> {
      Value rest = nest.minus(length, chunk.from());
      add(values, chunk.from(), nest.min(Value.i32(SumOrder.LANE_CHUNK), rest));
      endChunk(chunk.isFirst());
    });
  }

  private LaneTree tree() {
    return new LaneTree(nest, basic(), nothing());
  }

  private BiFunction<Value, Value, Value> step(ArrayParam values) {
    return (sum, at) -> Value.apply(basic(), sum, nest.load(values, at));
  }

  /// Takes in `length` values from `start` on; what came before was a multiple of the lanes.
  public void add(ArrayParam values, Value start, Value length) {
    if (lanes.isEmpty()) {
      nest.loop("k", Value.i32(0), length, 1, false,
          k -> nest.set(total,
              Value.apply(basic(), result(), nest.load(values, nest.plus(start, k)))));
      return;
    }
    tree().add(lanes.get(), start, length, step(values));
  }

  /// Ends a chunk: joins the lanes by halving and adds them to the total, of which they are the first part
  /// when `first` holds.
  public void endChunk(Value first) {
    if (lanes.isEmpty()) {
      return;
    }
    ArrayParam lane = lanes.get();
    Value sum = tree().join(lane);
    if (NestBuilder.isConstant(first)) {
      nest.set(total, NestBuilder.intOf(first) != 0 ? sum : Value.apply(basic(), result(), sum));
    } else {
      nest.when(first, () -> nest.set(total, sum),
          () -> nest.set(total, Value.apply(basic(), result(), sum)));
      nest.fill(lane, Value.i32(SumOrder.LANES), nothing());
    }
  }
}
