package io.kotangent.bytecode;

import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelListing;
import java.util.Optional;

/// A kernel that is emitted and loaded when it is first wanted: SIMD code, which a program does not start with.
final class LateKernel {
  private final Kernel kernel;
  private final KernelListing listing;
  private final KernelCache cache;
  private volatile Optional<KernelClass> loaded = Optional.empty();

  LateKernel(Kernel kernel, KernelListing listing, KernelCache cache) {
    this.kernel = kernel;
    this.listing = listing;
    this.cache = cache;
  }

  /// The loaded class, from now on held here.
  synchronized KernelClass get() {
    if (loaded.isEmpty()) {
      loaded = Optional.of(cache.get(kernel, listing));
    }
    return loaded.get();
  }

  /// Whether it is loaded, here or by another program, and its SIMD code may be taken.
  boolean isReady() {
    if (loaded.isEmpty() && cache.has(listing)) {
      get();
    }
    return loaded.isPresent() && loaded.get().simd().isReady();
  }

  Optional<KernelClass> ifLoaded() {
    return loaded;
  }

  boolean hasSimd() {
    return SimdState.of(kernel).hasSimd();
  }
}
