package io.kotangent.dsl;

/// An axis where a tensor's third axis is meant. Every [Axis] is one; the position is a type of its own so that
/// `over(First<A>)` and `over(Second<B>)` are different methods.
///
/// @param <A> the axis's tag
public sealed interface Third<A> permits Axis {
}
