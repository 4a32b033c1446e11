package io.kotangent.plan.sum;

/// How many rows of a result go together in [RowSums].
///
/// @param tile those that one row loop adds to
/// @param most those that may share copied rows of the operand
/// @param isLarge whether row loops are of one length each
public record RowBlocks(int tile, int most, boolean isLarge) {
  private static final int LARGE = 16;
  /// Of single rows. More would be faster by two percent, but twice the code; and a method that takes some forty arrays is not
  /// compiled by C2.
  private static final int LARGE_SINGLE = 8;

  /// As many as can be.
  public static RowBlocks large(int tile) {
    return new RowBlocks(tile, tile == 1 ? LARGE_SINGLE : LARGE, true);
  }

  /// A tile, in a quarter of the code, and by row loops of any length, which kernels share: where there is little to do, or SIMD
  /// code is to take over, so that it is compiled soon.
  public static RowBlocks small(int tile) {
    return new RowBlocks(tile, tile, false);
  }
}
