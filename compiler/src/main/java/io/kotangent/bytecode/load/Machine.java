package io.kotangent.bytecode.load;

import io.kotangent.plan.Target;
import jdk.incubator.vector.VectorShape;

/// The machine and the JVM that this process runs on. Whatever is loaded is for it; planner and emitters do not ask it, they get a
/// [Target].
public final class Machine {
  private static final String MODULE = "jdk.incubator.vector";
  /// The least bits of a vector that SIMD code is made for.
  public static final int LEAST_BITS = 128;
  private static final int CALLS = 20;
  private static final long SLOW_NANOS = 600;

  private Machine() {
  }

  /// What code for this process is made for. All kernels use vectors of one width: with several, C2 could no longer tell which it has
  /// before it.
  public static Target target() {
    return Target.PLAIN.withVectors(vectorBits() >= LEAST_BITS ? vectorBits() : 0)
        .withFma(!Fma.SLOW);
  }

  /// The bits of a vector, also where they are too few to be used; 0 if the Vector API is not there.
  public static int vectorBits() {
    return Width.BITS;
  }

  /// Whether the Vector API is there.
  public static boolean hasVectors() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  private static final class Width {
    private static final int BITS = hasVectors() ? Api.preferred() : 0;

    private Width() {
    }
  }

  /// Kept apart: it can only be loaded where the module is.
  private static final class Api {
    private Api() {
    }

    /// Asks for the shape alone: vectors and their species take ten times as long to initialize, and can wait for the first SIMD code.
    static int preferred() {
      return VectorShape.preferredShape().vectorBitSize();
    }
  }

  /// Whether `Math.fma` is slow: the best of some calls is, which in hardware takes a few nanoseconds. Measured once.
  private static final class Fma {
    private static final boolean SLOW = isSlow();

    private Fma() {
    }

    private static boolean isSlow() {
      long best = Long.MAX_VALUE;
      float sum = 0.1f;
      for (int i = 0; i < CALLS; i++) {
        long start = System.nanoTime();
        sum = Math.fma(sum, 0.7f, 0.3f);
        best = Math.min(best, System.nanoTime() - start);
      }
      return best > SLOW_NANOS && sum > 0;
    }
  }
}
