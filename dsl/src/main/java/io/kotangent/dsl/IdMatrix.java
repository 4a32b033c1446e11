package io.kotangent.dsl;

import io.kotangent.ir.ScalarFn;

/// For each place along A and B a position along V, such as the tokens of a batch of texts.
///
/// @param <A> the first axis that they lie along
/// @param <B> the second axis that they lie along
/// @param <V> the axis that they are positions of
public final class IdMatrix<A, B, V> {
  private final Value value;
  private final Extent target;

  IdMatrix(Value value, Extent target) {
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
  public Mask<Matrix<A, B>> equalTo(IdMatrix<A, B, V> other) {
    return new Mask<>(value.trace().binary(ScalarFn.EQ, value, other.value, Align.SAME),
        Matrix::new);
  }

  /// These positions as a result of a program.
  public Output named(String name) {
    return new Output(name, value);
  }
}
