package io.kotangent.eval;

import io.kotangent.type.Dim;
import java.util.List;

/// How long the axes of random graphs are.
public enum RandomSizes {
  /// What breaks compilers first: none, one, a few.
  SMALL(List.of(RandomNodes.BATCH, RandomNodes.BATCH, Dim.ONE, Dim.ONE, Dim.of(2), Dim.of(2),
      Dim.of(3), Dim.of(4), Dim.of(5), RandomNodes.BATCH.times(2), RandomNodes.BATCH.plus(1)), List
          .of(RandomNodes.BATCH, Dim.ONE, Dim.of(2), Dim.of(3)), 400, 1200, 8, 100),
  /// Those of vectors and tiles, up to some dozens.
  WIDE(List.of(RandomNodes.BATCH, RandomNodes.BATCH, Dim.ONE, Dim.of(2), Dim.of(3), Dim.of(7),
      Dim.of(8), Dim.of(10), Dim.of(16), Dim.of(17), Dim.of(33), Dim.of(40)), List
          .of(RandomNodes.BATCH, Dim.ONE, Dim.of(2), Dim.of(3)), 2000, 200_000, 2, 100),
  /// Some dozens to some hundreds: long runs of slices, chunks of sums.
  LONG(List.of(RandomNodes.BATCH, Dim.of(2), Dim.of(3), Dim.of(32), Dim.of(33), Dim.of(40),
      Dim.of(40), Dim.of(64), Dim.of(100), Dim.of(300)), List.of(RandomNodes.BATCH, Dim.of(3),
          Dim.of(33), Dim.of(40)), 10_000, 200_000, 1, 1000);

  private final List<Dim> dims;
  private final List<Dim> repeats;
  private final int largest;
  private final int largestFill;
  private final int share;
  private final double moderate;

  RandomSizes(List<Dim> dims, List<Dim> repeats, int largest, int largestFill, int share,
      double moderate) {
    this.dims = dims;
    this.repeats = repeats;
    this.largest = largest;
    this.largestFill = largestFill;
    this.share = share;
    this.moderate = moderate;
  }

  /// What an axis is taken from.
  List<Dim> dims() {
    return dims;
  }

  /// What is taken from to repeat something along a new axis.
  List<Dim> repeats() {
    return repeats;
  }

  /// The most elements of a node.
  int largest() {
    return largest;
  }

  /// The most elements of one that is the same everywhere.
  int largestFill() {
    return largestFill;
  }

  /// As many shapes as drawn hold the most elements together.
  int share() {
    return share;
  }

  /// The largest moderate magnitude.
  double moderate() {
    return moderate;
  }
}
