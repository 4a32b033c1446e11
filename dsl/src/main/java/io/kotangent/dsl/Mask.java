package io.kotangent.dsl;

import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Booleans with the axes of a T.
///
/// @param <T> the type of expression that has these axes
public final class Mask<T extends Expr<T>> {
  private final Value value;
  private final Function<Value, T> like;

  Mask(Value value, Function<Value, T> like) {
    this.value = value;
    this.like = like;
  }

  Value value() {
    return value;
  }

  /// `a` where this holds, otherwise `b`. A derivative passes only to the one that was chosen; both are computed.
  public T choose(T a, T b) {
    Trace t = value.trace();
    Align.SAME.places("select", value, a.value());
    Align.SAME.places("select", a.value(), b.value());
    return like.apply(t.map(ScalarFn.SELECT, value, a.value(), b.value()));
  }

  /// Where both hold.
  public Mask<T> and(Mask<T> other) {
    return new Mask<>(value.trace().binary(ScalarFn.AND, value, other.value, Align.SAME), like);
  }

  /// Where one or both hold.
  public Mask<T> or(Mask<T> other) {
    return new Mask<>(value.trace().binary(ScalarFn.OR, value, other.value, Align.SAME), like);
  }

  /// Where this does not hold.
  public Mask<T> not() {
    return new Mask<>(value.trace().map(ScalarFn.NOT, value), like);
  }

  /// 1 where this holds, otherwise 0.
  public T asNumber() {
    return like.apply(value.trace().cast(value.trace().dtype(), value));
  }

  /// Whether all hold; true over nothing.
  public Mask<Scalar> all() {
    return reduce(Op.Reduction.ALL);
  }

  /// Whether one holds; false over nothing.
  public Mask<Scalar> any() {
    return reduce(Op.Reduction.ANY);
  }

  private Mask<Scalar> reduce(Op.Reduction kind) {
    List<Integer> axes = IntStream.range(0, value.rank()).boxed().toList();
    return new Mask<>(value.trace().reduce(kind, value, axes), Scalar::new);
  }

  /// These booleans as a result of a program.
  public Output named(String name) {
    return new Output(name, value);
  }
}
