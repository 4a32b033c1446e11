package io.kotangent.plan;

import io.kotangent.ir.Node;
import io.kotangent.type.Dim;

/// About how long things take, in picoseconds on one core, to tell what threads should share: measured on one machine,
/// good to a factor of two or three. Nothing but speed depends on them.
final class Work {
  /// A product added to a sum, by rows: 45 GFLOP/s.
  private static final int PRODUCT = 45;
  /// A vector of products in register tiles.
  private static final int TILE_PRODUCTS = 160;
  /// A product that has to wait for another.
  private static final int LATENCY = 1000;
  /// A product that has to wait for memory.
  static final int FETCHED = 80;
  /// The same in a plain loop.
  static final int PLAIN_PRODUCT = 300;
  /// What a row of sums takes besides.
  private static final int ROW = 50_000;
  /// An element moved by a plain loop.
  static final int ELEMENT = 500;
  /// An element of a matrix that is transposed in blocks.
  static final int BLOCK_ELEMENT = 120;
  /// An element of a run that is copied.
  static final int MOVED = 100;
  /// An element added to the sum of its column, in vectors.
  static final int SUMMED = 40;
  /// A primitive in a row loop.
  private static final int PRIMITIVE = 40;
  /// An array read or written by a row loop, for each element.
  private static final int STREAM = 100;

  private Work() {
  }

  /// One element of the domain of a group of rows.
  static Dim ofLane(Group group) {
    Costs costs = new Costs();
    long lane = STREAM;
    for (Node node : group.nodes()) {
      lane += (long) PRIMITIVE * costs.of(node);
    }
    lane += (long) STREAM * group.outputs().size();
    return Dim.of(lane);
  }

  /// One row of the result of a contraction.
  static Dim ofSums(RowForm form) {
    Dim products = form.length();
    for (char label : form.summed().toCharArray()) {
      products = products.times(form.size(label));
    }
    return products.times(PRODUCT).plus(ROW);
  }

  /// One result of a contraction by tiles.
  ///
  /// @param once whether an element of the rows is used for little more than one product
  /// @param alone whether rows go one by one: short ones have so few sums that each product waits for the one before
  static Dim ofTiles(RowForm form, int lanes, boolean once, boolean alone) {
    long least = alone && form.length().isConstant()
        ? LATENCY / Math.max(1, form.length().constant()) : 0;
    Dim products = Dim.of(once ? FETCHED : Math.max(least, TILE_PRODUCTS / lanes));
    for (char label : form.summed().toCharArray()) {
      products = products.times(form.size(label));
    }
    return products;
  }

  /// One result of a sum of so many products, in a plain loop.
  static Dim ofProducts(Dim count) {
    return count.times(PLAIN_PRODUCT);
  }
}
