package io.kotangent.autodiff;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What may lie between a function and a choice: from a vector to another of its length.
record Move(String name, Step step) {
  /// Applies it.
  interface Step {
    Node of(GraphBuilder b, Node v);
  }

  static List<Move> all() {
    List<Move> moves = new ArrayList<>(layouts());
    Stream.of(ScalarFn.values())
        .filter(fn -> fn.isDifferentiable() && fn.arity() == 1)
        .forEach(fn -> moves.add(new Move(fn.toString(), (b, v) -> b.map(fn, v))));
    return moves;
  }

  private static List<Move> layouts() {
    return List.of(
        new Move("nothing", (b, v) -> v),
        new Move("broadcast and sum", (b, v) -> {
          Shape three = new Shape(List.of(Dim.of(3), v.type().dim(0)));
          return b.sum(b.broadcast(v, List.of(1), three), List.of(0));
        }),
        new Move("transpose", (b, v) -> {
          Node column = b.reshape(v, new Shape(List.of(v.type().dim(0), Dim.ONE)));
          return b.reshape(b.transpose(column, List.of(1, 0)), v.shape());
        }),
        new Move("reverse", (b, v) -> b.add(new Op.Reverse(List.of(0)),
            b.map(ScalarFn.ADD, b.add(new Op.Reverse(List.of(0)), v), b.fill(v.type(), 1)))),
        new Move("slice of concat", (b, v) -> b.add(new Op.Slice(List.of(Dim.ZERO),
            v.shape().dims(), List.of(1)), b.add(new Op.Concat(0), v, v))),
        new Move("other type", (b, v) -> b.cast(v.dtype(),
            b.cast(v.dtype() == DType.F32 ? DType.F64 : DType.F32, v))),
        new Move("square", (b, v) -> b.map(ScalarFn.MUL, v, v)),
        two("a number added", ScalarFn.ADD), two("a number's multiple", ScalarFn.MUL),
        two("divided by a number", ScalarFn.DIV), two("a power", ScalarFn.POW));
  }

  private static Move two(String name, ScalarFn fn) {
    return new Move(name, (b, v) -> b.map(fn, v, b.fill(v.type(), 2)));
  }

  @Override
  public String toString() {
    return name;
  }
}
