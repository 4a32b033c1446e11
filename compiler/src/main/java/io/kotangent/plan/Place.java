package io.kotangent.plan;

import io.kotangent.type.Dim;

/// Where a value is kept: contiguous, row-major, from an offset on.
record Place(Buffer buffer, Dim offset) {
  Step.Argument argument() {
    return new Step.Argument(buffer, offset);
  }

  Place plus(Dim more) {
    return new Place(buffer, offset.plus(more));
  }
}
