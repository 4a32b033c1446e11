package io.kotangent.plan.sum;

/// How many rows of a result go together in [RowSums].
///
/// @param tile those that one row loop adds to
/// @param most those that may share copied rows of the operand
public record RowBlocks(int tile, int most) {
  private static final int LARGE = 16;

  /// As many as can be.
  public static RowBlocks large(int tile) {
    return new RowBlocks(tile, LARGE);
  }

  /// A tile, in a quarter of the code, and by row loops of any length, which kernels share: where there is little to do, or SIMD
  /// code is to take over, so that it is compiled soon.
  public static RowBlocks small(int tile) {
    return new RowBlocks(tile, tile);
  }

  boolean isLarge() {
    return most == LARGE;
  }
}
