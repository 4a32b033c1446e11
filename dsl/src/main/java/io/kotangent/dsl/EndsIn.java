package io.kotangent.dsl;

/// A tensor with other axes before a last axis A.
public sealed interface EndsIn<A> permits EndsInTwo, Matrix {
}
