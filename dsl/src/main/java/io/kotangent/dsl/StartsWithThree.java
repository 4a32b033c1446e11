package io.kotangent.dsl;

/// A tensor with another axis after first axes A, B, C.
public sealed interface StartsWithThree<A, B, C> extends StartsWithTwo<A, B> permits Tensor4 {
}
