package io.kotangent.bytecode;

import io.kotangent.loop.KernelListing;

/// A loaded kernel. The class stays loaded as long as this does, or a program that calls it.
///
/// @param simd whether it has SIMD code, and how far that is
public record KernelClass(KernelListing listing, EmittedClass emitted, Class<?> type,
    SimdState simd) {
}
