package io.kotangent.dsl;

/// A tensor with other axes after first axes A, B.
public sealed interface StartsWithTwo<A, B> extends StartsWith<A> permits StartsWithThree, Tensor3 {
}
