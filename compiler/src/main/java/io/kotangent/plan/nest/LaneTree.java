package io.kotangent.plan.nest;

import io.kotangent.ir.Basic;
import io.kotangent.ir.SumOrder;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/// The 32 virtual lanes of a sum in `lanes` order, as scalar code that keeps the floating-point units busy: eight lanes at a
/// time in locals, which do not wait for each other, and the halving without loops.
public final class LaneTree {
  /// Lanes in locals at once.
  private static final int TOGETHER = 8;
  private static final int LANES = SumOrder.LANES;

  private record Lane(Value value, boolean clean) {
  }

  private final NestBuilder nest;
  private final Basic basic;
  private final Value nothing;

  /// @param nothing what a lane starts from: +0 of a sum, 1 of a product
  public LaneTree(NestBuilder nest, Basic basic, Value nothing) {
    this.nest = nest;
    this.basic = basic;
    this.nothing = nothing;
  }

  /// Takes `length` elements, from `start` on, into the lanes in scratch; `start` counts from a multiple of the lanes.
  ///
  /// @param step a lane's new value, from its old one and the position of an element
  public void add(ArrayParam lane, Value start, Value length,
      BiFunction<Value, Value, Value> step) {
    Value whole = nest.minus(length, Value.i32(LANES - 1));
    for (int first = 0; first < LANES; first += TOGETHER) {
      List<Local> locals = new ArrayList<>();
      for (int l = first; l < first + TOGETHER; l++) {
        locals.add(nest.variable(new Value.Load(lane, Value.i32(l))));
      }
      int lanes = first;
      nest.loop("k", Value.i32(0), whole, LANES, false, k -> {
        Value at = nest.plus(start, k);
        for (int i = 0; i < TOGETHER; i++) {
          nest.set(locals.get(i),
              step.apply(Value.ref(locals.get(i)), nest.plus(at, Value.i32(lanes + i))));
        }
      });
      for (int i = 0; i < TOGETHER; i++) {
        nest.store(lane, Value.i32(first + i), Value.ref(locals.get(i)));
      }
    }
    Value rest = NestBuilder.isConstant(length)
        ? Value.i32(NestBuilder.intOf(length) % LANES)
        : nest.let(Value.apply(Basic.REM, length, Value.i32(LANES)));
    Value at = nest.plus(start, nest.minus(length, rest));
    nest.loop("l", Value.i32(0), rest, 1, false,
        l -> nest.store(lane, l, step.apply(nest.load(lane, l), nest.plus(at, l))));
  }

  /// All of a sum of any length, in scratch.
  ///
  /// @param chunk takes a chunk of elements into the lanes, which start anew
  public Value chunks(ArrayParam lane, Value length, Consumer<Chunks.Chunk> chunk) {
    Local total = nest.variable(nothing);
    Chunks.each(nest, length, SumOrder.LANE_CHUNK, each -> {
      nest.fill(lane, Value.i32(LANES), nothing);
      chunk.accept(each);
      Value sum = join(lane);
      each.join(() -> nest.set(total, sum),
          () -> nest.set(total, Value.apply(basic, Value.ref(total), sum)));
    });
    return Value.ref(total);
  }

  /// Joins lanes in scratch by halving.
  public Value join(ArrayParam lane) {
    List<Lane> lanes = new ArrayList<>();
    for (int l = 0; l < LANES; l++) {
      lanes.add(new Lane(nest.load(lane, Value.i32(l)), false));
    }
    return join(lanes);
  }

  /// All of a sum of at most 32 elements. Lanes that get none hold +0 (or 1); adding that changes nothing but −0.
  ///
  /// @param step a lane's value, from what it starts from and the position of its element
  /// @param clean whether that is never −0 (or it is no matter)
  public Value few(Value start, int length, boolean clean, BiFunction<Value, Value, Value> step) {
    List<Lane> lanes = new ArrayList<>();
    for (int l = 0; l < length; l++) {
      lanes.add(new Lane(nest.let(step.apply(nothing, nest.plus(start, Value.i32(l)))), clean));
    }
    return length == 0 ? nothing : join(lanes);
  }

  private Value join(List<Lane> all) {
    List<Lane> lanes = all;
    for (int half = LANES / 2; half > 0; half /= 2) {
      List<Lane> joined = new ArrayList<>();
      for (int l = 0; l < Math.min(half, lanes.size()); l++) {
        Lane lane = lanes.get(l);
        if (l + half < lanes.size()) {
          Lane other = lanes.get(l + half);
          joined.add(new Lane(nest.let(Value.apply(basic, lane.value, other.value)),
              lane.clean || other.clean));
        } else {
          joined.add(lane.clean ? lane
              : new Lane(nest.let(Value.apply(basic, lane.value, nothing)), true));
        }
      }
      lanes = joined;
    }
    return lanes.getFirst().value;
  }
}
