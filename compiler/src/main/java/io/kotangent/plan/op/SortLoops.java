package io.kotangent.plan.op;

import io.kotangent.ir.Basic;
import io.kotangent.ir.Node;
import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Local;
import io.kotangent.loop.Stmt;
import io.kotangent.loop.Value;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.nest.NestBuilder;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.List;

/// Sorting along an axis: stable merges of ever longer runs of positions, to and fro between two scratch arrays. NaNs
/// are greater than all numbers.
final class SortLoops {
  /// Double merges, each of runs four times as long as the last, that suffice for 2³⁰ elements.
  private static final int DOUBLE_MERGES = 15;

  private final NestBuilder nest = new NestBuilder();
  private final Node source;
  private final ArrayParam array;
  private final Value length;
  private final Value stride;

  private SortLoops(Node source, int axis) {
    this.source = source;
    this.array = nest.read(source, false);
    this.length = nest.dim(source.shape().dim(axis));
    this.stride = nest.dim(size(source.shape().dims().subList(axis + 1, source.shape().rank())));
  }

  private static Dim size(List<Dim> dims) {
    return new Shape(dims).size();
  }

  static Nest of(Node node, int axis) {
    Node source = node.operand(0);
    SortLoops sort = new SortLoops(source, axis);
    NestBuilder nest = sort.nest;
    ArrayParam values = nest.write(new Nest.Held(node, 0), source.dtype(), false);
    ArrayParam places = nest.write(new Nest.Held(node, 1), DType.I32, false);
    ArrayParam runs = nest.scratch(DType.I32, sort.length);
    ArrayParam merged = nest.scratch(DType.I32, sort.length);
    nest.emit(new Stmt.Check(Value.apply(Basic.LE, sort.length, Value.i32(1 << 2 * DOUBLE_MERGES)),
        "sort along axis " + axis + ": expected at most 2^30 elements"));
    Value outer = nest.dim(size(source.shape().dims().subList(0, axis)));
    nest.loop("i", Value.i32(0), outer, 1, false,
        i -> nest.loop("j", Value.i32(0), sort.stride, 1, false, j -> {
          Value base = nest.plus(nest.times(nest.times(i, sort.length), sort.stride), j);
          nest.loop("k", Value.i32(0), sort.length, 1, false, k -> nest.store(runs, k, k));
          Local width = nest.variable(Value.i32(1));
          nest.loop("p", Value.i32(0), Value.i32(DOUBLE_MERGES), 1, false,
              _ -> nest.when(Value.apply(Basic.LT, Value.ref(width), sort.length), () -> {
                sort.merge(runs, merged, Value.ref(width), base);
                Value twice = nest.plus(Value.ref(width), Value.ref(width));
                sort.merge(merged, runs, twice, base);
                nest.set(width, Value.apply(Basic.ADD, twice, twice));
              }, () -> {
              }));
          nest.loop("k", Value.i32(0), sort.length, 1, false, k -> {
            Value place = nest.load(runs, k);
            Value to = nest.plus(base, nest.times(k, sort.stride));
            nest.store(values, to, sort.element(base, place));
            nest.store(places, to, place);
          });
        }));
    return nest.finish();
  }

  private Value element(Value base, Value place) {
    return nest.load(array, nest.plus(base, nest.times(place, stride)));
  }

  /// Merges each two neighboring runs of that width.
  private void merge(ArrayParam from, ArrayParam to, Value width, Value base) {
    Value twice = nest.plus(width, width);
    Value count =
        nest.let(Value.apply(Basic.DIV, nest.plus(length, nest.minus(twice, Value.i32(1))), twice));
    nest.loop("o", Value.i32(0), count, 1, false, r -> {
      Value low = nest.times(r, twice);
      Value middle = nest.min(length, nest.plus(low, width));
      Value high = nest.min(length, nest.plus(low, twice));
      Local left = nest.variable(low);
      Local right = nest.variable(middle);
      nest.loop("o", low, high, 1, false, o -> {
        Local takeLeft = nest.variable(Value.apply(Basic.LT, Value.ref(left), middle));
        Value both = Value.apply(Basic.AND, Value.ref(takeLeft),
            Value.apply(Basic.LT, Value.ref(right), high));
        nest.when(both, () -> {
          Value a = element(base, nest.load(from, Value.ref(left)));
          Value b = element(base, nest.load(from, Value.ref(right)));
          nest.set(takeLeft, Value.apply(Basic.NOT, less(b, a)));
        }, () -> {
        });
        nest.when(Value.ref(takeLeft), () -> {
          nest.store(to, o, nest.load(from, Value.ref(left)));
          nest.set(left, Value.apply(Basic.ADD, Value.ref(left), Value.i32(1)));
        }, () -> {
          nest.store(to, o, nest.load(from, Value.ref(right)));
          nest.set(right, Value.apply(Basic.ADD, Value.ref(right), Value.i32(1)));
        });
      });
    });
  }

  private Value less(Value a, Value b) {
    if (source.dtype() == DType.BOOL) {
      return Value.apply(Basic.AND, Value.apply(Basic.NOT, a), b);
    }
    Value less = Value.apply(Basic.LT, a, b);
    if (!source.dtype().isFloat()) {
      return less;
    }
    Value last = Value.apply(Basic.AND, Value.apply(Basic.EQ, a, a), Value.apply(Basic.NE, b, b));
    return Value.apply(Basic.OR, less, last);
  }
}
