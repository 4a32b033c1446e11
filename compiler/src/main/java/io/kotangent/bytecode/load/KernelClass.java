package io.kotangent.bytecode.load;

import io.kotangent.bytecode.emit.EmittedClass;
import io.kotangent.loop.KernelListing;
import java.util.List;

/// A loaded kernel. The class stays loaded as long as this does, or a program that calls it.
///
/// @param simd whether it has SIMD code, and how far that is
/// @param rows the row loops of any length that it calls
public record KernelClass(KernelListing listing, EmittedClass emitted, Class<?> type,
    SimdState simd, List<KernelClass> rows) {
  public KernelClass {
    rows = List.copyOf(rows);
  }
}
