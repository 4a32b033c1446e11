package io.kotangent.dsl;

/// A part of a [sequential][Layers#sequential] network: [Units] and [Maps] that give an axis of their own, [Pool] and
/// [GlobalPool] that take rows and columns together, or [Same] that keep all axes.
public sealed interface Layer permits Chain, Same, Pool, GlobalPool {
}
