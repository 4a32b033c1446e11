package io.kotangent.dsl;

/// An axis where a tensor's first axis is meant. Every [Axis] is one; the position is a type of its own so that
/// `over(First<A>)` and `over(Second<B>)` are different methods.
///
/// @param <A> the axis's tag
public sealed interface First<A> permits Axis {
}
