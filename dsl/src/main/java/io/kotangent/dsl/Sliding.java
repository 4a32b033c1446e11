package io.kotangent.dsl;

import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.List;

/// How the window of a convolution or pool moves over rows and columns: padding, stride and dilation. Immutable.
///
/// ```java
/// image.conv(3, edges, Sliding.same().stride(2)).maxPool(3, Sliding.padded(1).stride(2));
/// ```
///
/// With padding p before and q after n places, a window of k places that are d apart is at
/// ⌊(p + n + q − (k − 1)·d − 1)/stride⌋ + 1 positions.
public final class Sliding {
  private final Slide rows;
  private final Slide columns;

  private Sliding(Slide rows, Slide columns) {
    this.rows = rows;
    this.columns = columns;
  }

  /// Padding by a rule, stride 1.
  public static Sliding of(Padding padding) {
    Slide slide = new Slide.Ruled(padding, 1, 1);
    return new Sliding(slide, slide);
  }

  /// No padding, stride 1: windows lie within the image.
  public static Sliding valid() {
    return of(Padding.VALID);
  }

  /// Padding that makes ⌈n/stride⌉ positions, half before and half (the larger) after; stride 1.
  public static Sliding same() {
    return of(Padding.SAME);
  }

  /// Padding that makes every position with any overlap count, stride 1.
  public static Sliding full() {
    return of(Padding.FULL);
  }

  /// That many rows and columns of padding on all four sides, stride 1.
  public static Sliding padded(int all) {
    return padded(all, all, all, all);
  }

  /// That many rows of padding above and below and columns left and right, stride 1.
  public static Sliding padded(int top, int bottom, int left, int right) {
    for (int side : new int[] {top, bottom, left, right}) {
      atLeast("padding", 0, side);
    }
    return new Sliding(new Slide.Padded(top, bottom, 1, 1), new Slide.Padded(left, right, 1, 1));
  }

  /// Windows at every `stride`-th row and column.
  public Sliding stride(int stride) {
    return stride(stride, stride);
  }

  /// Windows at every `ofRows`-th row and `ofColumns`-th column.
  public Sliding stride(int ofRows, int ofColumns) {
    atLeast("stride", 1, Math.min(ofRows, ofColumns));
    return new Sliding(rows.with(ofRows, rows.dilation()),
        columns.with(ofColumns, columns.dilation()));
  }

  /// Windows whose elements are that many rows and columns apart; 1 is without holes.
  public Sliding dilation(int dilation) {
    return dilation(dilation, dilation);
  }

  /// Windows whose elements are `ofRows` rows and `ofColumns` columns apart.
  public Sliding dilation(int ofRows, int ofColumns) {
    atLeast("dilation", 1, Math.min(ofRows, ofColumns));
    return new Sliding(rows.with(rows.stride(), ofRows), columns.with(columns.stride(), ofColumns));
  }

  private static void atLeast(String what, int least, int number) {
    if (number < least) {
      String place = Caller.place();
      throw new KotangentException(what + ": expected " + least + " or more, got " + number
          + (place.isEmpty() ? "" : ", at " + place));
    }
  }

  /// For each spatial axis, outermost first: rows and columns, or rows alone.
  List<Slide> slides(int count) {
    return new ArrayList<>(List.of(rows, columns)).subList(0, count);
  }
}
