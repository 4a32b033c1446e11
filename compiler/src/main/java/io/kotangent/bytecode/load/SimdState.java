package io.kotangent.bytecode.load;

import io.kotangent.loop.ArrayParam;
import io.kotangent.loop.Kernel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// How far the SIMD code of a kernel is. Kernels without are always ready.
public final class SimdState {
  private static final AtomicInteger CHANGES = new AtomicInteger();

  private final boolean has;
  private Optional<?> trial = Optional.empty();
  private volatile boolean ready;
  private volatile Optional<Measured> measured = Optional.empty();

  /// What a trial measured last: nanoseconds for all that there is to do at the sizes of the trial.
  ///
  /// @param simd by SIMD code
  /// @param plain by plain loops
  public record Measured(double simd, double plain) {
  }

  private SimdState(boolean has) {
    this.has = has;
    this.ready = !has;
  }

  static SimdState of(Kernel kernel) {
    return new SimdState(hasAligned(kernel.arrays()) || kernel.hasVectors());
  }

  /// Of a row loop that kernels share.
  static SimdState ofRows(List<ArrayParam> arrays) {
    return new SimdState(hasAligned(arrays));
  }

  /// Loops over aligned memory are SIMD code as soon as C2 has compiled them, and slow before.
  private static boolean hasAligned(List<ArrayParam> arrays) {
    return arrays.stream().anyMatch(array -> array.access() == ArrayParam.Access.ALIGNED);
  }

  boolean hasSimd() {
    return has;
  }

  public boolean isReady() {
    return ready;
  }

  /// The trial that makes it ready, if it is not and none was begun. It lives as long as the kernel.
  public synchronized <T> Optional<T> trial(Supplier<T> begin) {
    if (ready || trial.isPresent()) {
      return Optional.empty();
    }
    Optional<T> begun = Optional.of(begin.get());
    trial = begun;
    return begun;
  }

  /// A trial that came to nothing is over: another may begin.
  public synchronized void endTrial() {
    trial = Optional.empty();
  }

  public void makeReady() {
    ready = true;
    CHANGES.incrementAndGet();
  }

  /// How many kernels of this process have been made ready: while there are no more, no choice changes.
  public static int changes() {
    return CHANGES.get();
  }

  public void measure(Measured times) {
    measured = Optional.of(times);
  }

  /// What was measured last, if C2 has compiled it.
  public Optional<Measured> measured() {
    return measured;
  }
}
