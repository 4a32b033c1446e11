package io.kotangent.dsl;

/// A part of a [sequential][Layers#sequential] network: [Units] that give an axis of their own, or [Same] that keep it.
public sealed interface Layer permits Units, Same {
}
