package io.kotangent.dsl;

/// A tensor with other axes after a first axis A.
public sealed interface StartsWith<A> permits StartsWithTwo, Matrix {
}
