package io.kotangent.dsl;

/// A tensor with another axis before last axes A, B, C.
public sealed interface EndsInThree<A, B, C> extends EndsInTwo<B, C> permits Tensor4 {
}
