package io.kotangent.plan;

import io.kotangent.type.Dim;

/// Where a value is kept: contiguous, row-major, from an offset on.
public record Place(Buffer buffer, Dim offset) {
  /// So many elements.
  public Step.Argument argument(Dim length) {
    return new Step.Argument(buffer, offset, length);
  }

  public Place plus(Dim more) {
    return new Place(buffer, offset.plus(more));
  }
}
