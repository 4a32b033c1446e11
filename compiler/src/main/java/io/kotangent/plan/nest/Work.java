package io.kotangent.plan.nest;

import io.kotangent.type.Dim;

/// About how long things take, in picoseconds on one core, to tell what threads should share: measured on one machine,
/// good to a factor of two or three. Nothing but speed depends on them.
public final class Work {
  /// A product added to a sum, by rows: 45 GFLOP/s.
  public static final int PRODUCT = 45;
  /// A vector of products in register tiles.
  public static final int TILE_PRODUCTS = 160;
  /// A product that has to wait for another.
  public static final int LATENCY = 1000;
  /// A product that has to wait for memory.
  public static final int FETCHED = 80;
  /// The same in a plain loop.
  static final int PLAIN_PRODUCT = 300;
  /// What a row of sums takes besides.
  public static final int ROW = 50_000;
  /// An element moved by a plain loop.
  public static final int ELEMENT = 500;
  /// An element of a matrix that is transposed in blocks.
  public static final int BLOCK_ELEMENT = 120;
  /// An element of a run that is copied.
  public static final int MOVED = 100;
  /// An element added to the sum of its column, in vectors.
  public static final int SUMMED = 40;
  /// A primitive in a row loop.
  public static final int PRIMITIVE = 40;
  /// An array read or written by a row loop, for each element.
  public static final int STREAM = 100;

  private Work() {
  }

  /// One result of a sum of so many products, in a plain loop.
  public static Dim ofProducts(Dim count) {
    return count.times(PLAIN_PRODUCT);
  }
}
