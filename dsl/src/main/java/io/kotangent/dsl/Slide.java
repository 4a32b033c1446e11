package io.kotangent.dsl;

import io.kotangent.ir.Op;
import io.kotangent.type.Dim;
import io.kotangent.type.ShapeException;

/// How a window moves along one axis.
sealed interface Slide {
  int stride();

  int dilation();

  /// Padding by rule.
  record Ruled(Padding padding, int stride, int dilation) implements Slide {
  }

  /// Padding by numbers.
  record Padded(int low, int high, int stride, int dilation) implements Slide {
  }

  default Slide with(int newStride, int newDilation) {
    return switch (this) {
      case Ruled ruled -> new Ruled(ruled.padding, newStride, newDilation);
      case Padded padded -> new Padded(padded.low, padded.high, newStride, newDilation);
    };
  }

  /// From the first to the last element of a window of that size.
  default long reach(long size) {
    return (size - 1) * dilation();
  }

  /// The attributes for a window on an axis of `x`, which it must fit.
  ///
  /// @param window the window, for the message: `a window of 3`
  default Op.Spatial over(String what, Value x, int axis, long size, String window) {
    Op.Spatial spatial = switch (this) {
      case Ruled ruled -> ruled(ruled.padding, what, x.axis(axis), x, size);
      case Padded padded -> spatial(padded.low, padded.high);
    };
    Extent extent = x.axis(axis);
    Dim room = spatial.padLow().plus(extent.size()).plus(spatial.padHigh()).minus(reach(size) + 1);
    if (room.isConstant() && room.constant() < 0) {
      throw new ShapeException(what + ": " + window
          + (dilation() == 1 ? "" : " with dilation " + dilation()) + " does not fit axis '"
          + extent.name() + "' of " + extent.size() + x.madeAt() + " with padding "
          + spatial.padLow() + " and " + spatial.padHigh() + x.trace().usedAt()
          + ": pad more, or take a smaller window");
    }
    return spatial;
  }

  private Op.Spatial spatial(long low, long high) {
    return new Op.Spatial(stride(), Dim.of(low), Dim.of(high), 1, dilation());
  }

  private Op.Spatial ruled(Padding padding, String what, Extent axis, Value x, long size) {
    return switch (padding) {
      case VALID -> spatial(0, 0);
      case FULL -> spatial(reach(size), reach(size));
      case SAME -> {
        long total = stride() == 1 ? reach(size) : same(what, axis, x, size);
        yield spatial(total / 2, total - total / 2);
      }
    };
  }

  private long same(String what, Extent axis, Value x, long size) {
    if (!axis.size().isConstant()) {
      throw new ShapeException(what + ": SAME padding with stride " + stride() + " needs axis '"
          + axis.name() + "' to have a fixed size" + x.madeAt() + x.trace().usedAt());
    }
    long positions = Math.ceilDiv(axis.size().constant(), (long) stride());
    return Math.max(0, (positions - 1) * stride() + reach(size) + 1 - axis.size().constant());
  }
}
