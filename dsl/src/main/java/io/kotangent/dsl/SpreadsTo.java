package io.kotangent.dsl;

/// A tensor that is repeated along missing trailing axes when an operator meets it and a `T`: a `Vector<A>` fits whatever
/// starts with A, as in `x.minus(x.over(feature).mean())`.
///
/// @param <T> what it fits, used contravariantly
public sealed interface SpreadsTo<T> permits Vector, Matrix, Tensor3 {
}
