package io.kotangent.bytecode;

import jdk.incubator.vector.FloatVector;

/// What SIMD there is in this process. All kernels use vectors of one width: with several, C2 could no longer tell
/// which it has before it.
final class Simd {
  private static final String MODULE = "jdk.incubator.vector";
  private static final int LEAST = 128;

  private Simd() {
  }

  /// The bits of a vector; 0 if the Vector API is not there.
  static int bits() {
    return Width.BITS;
  }

  private static final class Width {
    private static final int BITS = find();

    private Width() {
    }

    private static int find() {
      boolean readable = ModuleLayer.boot().findModule(MODULE).isPresent();
      if (!readable) {
        return 0;
      }
      int bits = Api.preferred();
      return bits >= LEAST ? bits : 0;
    }
  }

  /// Kept apart: it can only be loaded where the module is.
  private static final class Api {
    private Api() {
    }

    static int preferred() {
      return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }
  }
}
