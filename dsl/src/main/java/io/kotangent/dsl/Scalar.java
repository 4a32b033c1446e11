package io.kotangent.dsl;

/// One number. It fits every expression as the right side of an operator; for `scalar.times(tensor)` write
/// `tensor.times(scalar)`.
public final class Scalar extends Expr<Scalar> implements BroadcastsTo<Expr<?>> {
  Scalar(Value value) {
    super(value, 0);
  }

  @Override
  Scalar like(Value value) {
    return new Scalar(value);
  }
}
