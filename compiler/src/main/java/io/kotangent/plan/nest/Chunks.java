package io.kotangent.plan.nest;

import io.kotangent.ir.Basic;
import io.kotangent.ir.SumOrder;
import io.kotangent.loop.Value;
import io.kotangent.type.Dim;
import java.util.List;

/// The chunks of a sequential sum: whole steps of the outermost summed label, as many as make at most
/// [SumOrder#CHUNK] elements, at least one.
public final class Chunks {
  private Chunks() {
  }

  /// Steps of the outermost label in a chunk, if the inner labels have these sizes.
  public static Value steps(NestBuilder nest, List<Dim> inner) {
    Dim size = Dim.ONE;
    for (Dim dim : inner) {
      size = size.times(dim);
    }
    if (size.isConstant()) {
      return Value.i32((int) Math.max(1, SumOrder.CHUNK / Math.max(1, size.constant())));
    }
    Value atLeastOne = nest.let(Value.apply(Basic.MAX, nest.dim(size), Value.i32(1)));
    Value steps = nest.let(Value.apply(Basic.DIV, Value.i32(SumOrder.CHUNK), atLeastOne));
    return nest.let(Value.apply(Basic.MAX, steps, Value.i32(1)));
  }

  public static Value count(NestBuilder nest, Value outermost, Value steps) {
    if (NestBuilder.isConstant(steps) && NestBuilder.isConstant(outermost)) {
      int size = NestBuilder.intOf(steps);
      return Value.i32((NestBuilder.intOf(outermost) + size - 1) / size);
    }
    Value rounded = nest.plus(outermost, nest.minus(steps, Value.i32(1)));
    return nest.let(Value.apply(Basic.DIV, rounded, steps));
  }
}
