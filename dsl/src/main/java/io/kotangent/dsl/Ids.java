package io.kotangent.dsl;

import io.kotangent.ir.ScalarFn;

/// For each place along A a position along V, such as the class of each example. Integers (`i32`), but no numbers: they
/// can be compared and used to look up, not added.
///
/// @param <A> the axis that they lie along
/// @param <V> the axis that they are positions of
public final class Ids<A, V> {
  private final Value value;
  private final Extent target;

  Ids(Value value, Extent target) {
    this.value = value;
    this.target = target;
  }

  Value value() {
    return value;
  }

  /// The axis that the positions are of.
  Extent target() {
    return target;
  }

  /// Where the positions are the same.
  public Mask<Vector<A>> equalTo(Ids<A, V> other) {
    return new Mask<>(value.trace().binary(ScalarFn.EQ, value, other.value, Align.SAME),
        Vector::new);
  }

  /// These positions as a result of a program.
  public Output named(String name) {
    return new Output(name, value);
  }
}
