package io.kotangent.dsl;

/// The axis that `flatten` makes of all axes but the first.
///
/// @param size the product of their sizes
public record Flat(int size) implements Axis<Flat> {
}
