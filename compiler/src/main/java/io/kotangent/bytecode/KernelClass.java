package io.kotangent.bytecode;

import io.kotangent.loop.KernelListing;

/// A loaded kernel. The class stays loaded as long as this does, or a program that calls it.
public record KernelClass(KernelListing listing, EmittedClass emitted, Class<?> type) {
}
