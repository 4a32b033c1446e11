package io.kotangent.dsl;

import io.kotangent.ir.Op;
import java.util.List;

/// One axis.
///
/// @param <A> the axis
public final class Vector<A> extends Expr<Vector<A>>
    implements BroadcastsTo<EndsIn<A>>, SpreadsTo<StartsWith<A>> {
  Vector(Value value) {
    super(value, 1);
  }

  @Override
  Vector<A> like(Value value) {
    return new Vector<>(value);
  }

  /// The sum of the products.
  public Scalar dot(Vector<A> other) {
    return new Scalar(trace().contract("dot", "a,a->", value(), other.value()));
  }

  /// The products of all pairs.
  public <B> Matrix<A, B> outer(Vector<B> other) {
    return new Matrix<>(trace().contract("outer", "a,b->ab", value(), other.value()));
  }

  /// Along the one axis.
  public Along<Vector<A>, Scalar> over(First<A> axis) {
    return new Along<>(value(), List.of(trace().position("over", axis, 0, value())), Vector::new,
        Scalar::new);
  }

  /// eˣ / Σ eˣ.
  public Vector<A> softmax() {
    return like(Statistics.softmax(value(), List.of(0)));
  }

  /// log(eˣ / Σ eˣ).
  public Vector<A> logSoftmax() {
    return like(Statistics.logSoftmax(value(), List.of(0)));
  }

  /// The vector repeated along a new first axis.
  public <B> Matrix<B, A> repeated(Axis<B> axis) {
    return new Matrix<>(
        trace().expand(value(), List.of(1), List.of(Extent.of(axis), value().axis(0))));
  }

  /// The elements at these positions.
  public <B> Vector<B> gather(Ids<B, A> positions) {
    return new Vector<>(
        trace().node(b -> b.add(new Op.Gather(0, 0), node(), positions.value().node()),
            positions.value().axes(), value(), positions.value()));
  }

  /// The same elements along an axis of another name and the same size.
  public <N> Vector<N> renamed(First<A> from, Axis<N> to) {
    return new Vector<>(
        Layouts.renamed(value(), trace().position("renamed", from, 0, value()), to));
  }

  /// The elements as two axes, row-major.
  public <B, C> Matrix<B, C> split(First<A> from, Axis<B> first, Axis<C> second) {
    return new Matrix<>(
        Layouts.split(value(), trace().position("split", from, 0, value()), first, second));
  }
}
