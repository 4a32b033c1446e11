package io.kotangent.plan;

import io.kotangent.runtime.ArraySlot;

/// An array of a program, by its place in the program's argument list.
public record Buffer(int index, ArraySlot slot) {
}
