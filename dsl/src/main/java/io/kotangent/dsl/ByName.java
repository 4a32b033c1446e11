package io.kotangent.dsl;

/// The right side of an operator, matched to the left by the names of its axes when the model is built: each of its axes
/// must be there once. Made by [Expr#byName()].
public final class ByName implements BroadcastsTo<Expr<?>> {
  private final Value value;

  ByName(Value value) {
    this.value = value;
  }

  Value value() {
    return value;
  }
}
