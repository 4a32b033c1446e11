package io.kotangent.dsl;

/// A tensor with other axes before last axes A, B.
public sealed interface EndsInTwo<A, B> extends EndsIn<B> permits EndsInThree, Tensor3 {
}
