package io.kotangent.plan;

import io.kotangent.type.KotangentException;

/// What code is made for. Plans and classes depend on nothing of the machine that compiles but on this: the same model for the same
/// target gives the same classes everywhere. No bit of a result depends on it.
///
/// @param classVersion the version of class files; 61 is what Java 17 and later read
/// @param vectorBits the width of the vectors of SIMD code; 0 if there is to be none
/// @param rowTile rows of a result that one row loop adds to: several keep the units of a processor busy, if the JIT vectorizes
/// such a loop
/// @param vectorSelect whether the Vector API selects from two vectors, as SIMD transposes do
/// @param fma whether `Math.fma` is an instruction; if not, kernels do it by products and sums in f64
public record Target(int classVersion, int vectorBits, int rowTile, boolean vectorSelect,
    boolean fma) {
  private static final int VERSION = 61;
  private static final int ROW_TILE = 4;
  private static final int MOST_ROWS = 16;

  /// Any JVM from Java 17 on, without the Vector API, on a processor with a fused multiply-add; as the JIT of JDK 25 likes it.
  public static final Target PLAIN = new Target(VERSION, 0, ROW_TILE, true, true);

  /// Any JVM from Java 17 on, as the JIT of JDK 17 likes it: it makes SIMD code only of row loops of one row. With vectors, its Vector API.
  public static final Target JAVA_17 = new Target(VERSION, 0, 1, false, true);

  public Target {
    if (classVersion < VERSION || vectorBits < 0 || Integer.bitCount(vectorBits) > 1
        || Integer.bitCount(rowTile) != 1 || rowTile < 1 || rowTile > MOST_ROWS) {
      throw new KotangentException("a target of class version " + classVersion + ", vectors of "
          + vectorBits + " bits and tiles of " + rowTile + " rows: expected version " + VERSION
          + " or later, a power of two or 0, a power of two from 1 to " + MOST_ROWS);
    }
  }

  /// With vectors of that width.
  public Target withVectors(int bits) {
    return new Target(classVersion, bits, rowTile, vectorSelect, fma);
  }

  /// With so many rows in one row loop: 1 is better for the JIT of JDK 17.
  public Target withRowTile(int rows) {
    return new Target(classVersion, vectorBits, rows, vectorSelect, fma);
  }

  /// For machines with a fused multiply-add, or without.
  public Target withFma(boolean hardware) {
    return new Target(classVersion, vectorBits, rowTile, vectorSelect, hardware);
  }
}
