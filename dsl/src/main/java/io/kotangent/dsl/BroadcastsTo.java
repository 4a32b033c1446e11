package io.kotangent.dsl;

/// A tensor that is repeated along missing leading axes when an operator meets it and a `T`: a `Vector<B>` fits whatever
/// ends in B. A [Scalar], and a tensor aligned [by name][Expr#byName()], fits everything.
///
/// @param <T> what it fits, used contravariantly
public sealed interface BroadcastsTo<T> permits Scalar, Vector, Matrix, Tensor3, ByName {
}
