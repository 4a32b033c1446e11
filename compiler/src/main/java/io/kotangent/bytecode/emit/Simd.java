package io.kotangent.bytecode.emit;

import jdk.incubator.vector.VectorShape;

/// What SIMD there is in this process. All kernels use vectors of one width: with several, C2 could no longer tell
/// which it has before it.
public final class Simd {
  private static final String MODULE = "jdk.incubator.vector";
  public static final int LEAST = 128;

  private Simd() {
  }

  /// The bits of a vector; 0 if the Vector API is not there, or only for narrower ones.
  public static int bits() {
    return Width.BITS >= LEAST ? Width.BITS : 0;
  }

  /// The bits of a vector, also where they are too few to be used; 0 if the Vector API is not there.
  public static int vectorBits() {
    return Width.BITS;
  }

  /// Whether the Vector API is there.
  public static boolean isReadable() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  private static final class Width {
    private static final int BITS = isReadable() ? Api.preferred() : 0;

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
}
