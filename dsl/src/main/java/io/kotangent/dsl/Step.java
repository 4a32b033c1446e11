package io.kotangent.dsl;

/// One step of a layer.
@FunctionalInterface
interface Step {
  Value apply(Value x);
}
