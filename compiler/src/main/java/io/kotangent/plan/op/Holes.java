package io.kotangent.plan.op;

import io.kotangent.ir.Basic;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.loop.Value;
import io.kotangent.plan.form.ConvolveForm;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.type.Dim;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What an element of a convolution's kernel meets along each spatial axis: an element of the data, a hole of a dilated axis, where
/// there is no product, or padding, a zero that is multiplied.
public final class Holes {
  private final NestBuilder nest;
  private final Op.Convolve op;
  private final Node data;
  private final Map<Character, Value> places = new HashMap<>();
  private final Map<Character, Value> inside = new HashMap<>();

  public Holes(NestBuilder nest, Op.Convolve op, Node data) {
    this.nest = nest;
    this.op = op;
    this.data = data;
  }

  /// Goes on where there is no hole.
  ///
  /// @param result the place in the result
  /// @param kernel the place in the kernel
  public void pass(char label, Value result, Value kernel, Runnable body) {
    Op.Spatial axis = op.spatial().get(op.spatialLabels().indexOf(label));
    Value reach = nest.plus(nest.times(result, Value.i32(axis.stride())),
        nest.times(kernel, Value.i32(axis.kernelDilation())));
    Value place = nest.minus(reach, nest.dim(axis.padLow()));
    Value dilation = Value.i32(axis.dataDilation());
    Value meets = Value.apply(Basic.EQ, Value.apply(Basic.REM, place, dilation), Value.i32(0));
    inside.remove(label);
    if (!ConvolveForm.isCrop(axis.padLow()) || !ConvolveForm.isCrop(axis.padHigh())) {
      Dim last = data.shape().dim(op.data().indexOf(label)).minus(1).times(axis.dataDilation());
      Value end = nest.dim(last);
      Value there =
          nest.let(Value.apply(Basic.AND, nest.let(Value.apply(Basic.LE, Value.i32(0), place)),
              nest.let(Value.apply(Basic.LE, place, end))));
      inside.put(label, there);
      meets = Value.apply(Basic.OR, meets, Value.apply(Basic.NOT, there));
    }
    if (axis.dataDilation() == 1) {
      places.put(label, place);
      body.run();
      return;
    }
    nest.when(meets, () -> {
      places.put(label, nest.let(Value.apply(Basic.DIV, place, dilation)));
      body.run();
    }, () -> {
    });
  }

  /// The place in the data.
  public Value place(char label) {
    return places.get(label);
  }

  /// Whether there is such a place along all of these axes; nothing if that is never in doubt.
  public Optional<Value> isInside(String labels) {
    return labels.chars().mapToObj(label -> (char) label).filter(inside::containsKey)
        .map(inside::get).reduce((a, b) -> nest.let(Value.apply(Basic.AND, a, b)));
  }
}
