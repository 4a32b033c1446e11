package io.kotangent.bytecode.load;

import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelListing;
import java.util.Optional;

/// A kernel that is emitted and loaded when it is first wanted: SIMD code, which a program does not start with.
public final class LateKernel {
  private final Kernel kernel;
  private final KernelListing listing;
  private final KernelCache cache;
  private volatile Optional<KernelClass> loaded = Optional.empty();

  public LateKernel(Kernel kernel, KernelListing listing, KernelCache cache) {
    this.kernel = kernel;
    this.listing = listing;
    this.cache = cache;
  }

  /// The loaded class, from now on held here; as long as its SIMD code is not ready it may become another ([#renewed]).
  public synchronized KernelClass get() {
    if (!isReady(loaded)) {
      loaded = Optional.of(cache.get(kernel, listing));
    }
    return loaded.get();
  }

  /// A new class in place of one that C2 does not compile; nobody calls that yet, since it is not ready.
  public synchronized KernelClass renewed() {
    loaded.ifPresent(cache::forget);
    return get();
  }

  private static boolean isReady(Optional<KernelClass> loaded) {
    return loaded.isPresent() && loaded.get().simd().isReady();
  }

  /// Whether it is loaded, here or by another program, and its SIMD code may be taken.
  public boolean isReady() {
    if (!isReady(loaded) && (loaded.isPresent() || cache.has(listing))) {
      get();
    }
    return isReady(loaded);
  }

  public Optional<KernelClass> ifLoaded() {
    return loaded;
  }

  public boolean hasSimd() {
    return SimdState.of(kernel).hasSimd();
  }
}
