package io.kotangent.bytecode.load;

import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelListing;
import java.util.Optional;

/// A kernel that is emitted and loaded when it is first wanted: SIMD code, which a program does not start with. What it is emitted
/// from is kept no longer than it may be.
public final class LateKernel {
  private record Source(Kernel kernel, KernelListing listing) {
  }

  private final KernelCache cache;
  private final boolean hasSimd;
  private volatile Optional<Source> source;
  private volatile Optional<KernelClass> loaded;

  public LateKernel(Kernel kernel, KernelListing listing, KernelCache cache) {
    this.cache = cache;
    this.hasSimd = SimdState.of(kernel).hasSimd();
    this.source = Optional.of(new Source(kernel, listing));
    this.loaded = Optional.empty();
  }

  /// One that is loaded, and plain loops.
  LateKernel(KernelClass loaded, KernelCache cache) {
    this.cache = cache;
    this.hasSimd = loaded.simd().hasSimd();
    this.source = Optional.empty();
    this.loaded = Optional.of(loaded);
  }

  /// The loaded class, from now on held here; as long as its SIMD code is not ready it may become another ([#renewed]).
  public synchronized KernelClass get() {
    if (source.isPresent() && !isReady(loaded)) {
      loaded = Optional.of(cache.get(source.get().kernel(), source.get().listing()));
    }
    if (isReady(loaded)) {
      source = Optional.empty();
    }
    return loaded.orElseThrow();
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
    Optional<Source> unready = source;
    if (unready.isPresent()
        && (loaded.isPresent() || cache.has(unready.get().listing()))) {
      get();
    }
    return isReady(loaded);
  }

  public Optional<KernelClass> ifLoaded() {
    return loaded;
  }

  public boolean hasSimd() {
    return hasSimd;
  }
}
