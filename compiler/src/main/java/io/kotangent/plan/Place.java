package io.kotangent.plan;

import io.kotangent.type.Dim;

/// Where a value is kept: contiguous, row-major, from an offset on.
record Place(Buffer buffer, Dim offset) {
  /// So many elements.
  Step.Argument argument(Dim length) {
    return new Step.Argument(buffer, offset, length);
  }

  Place plus(Dim more) {
    return new Place(buffer, offset.plus(more));
  }
}
