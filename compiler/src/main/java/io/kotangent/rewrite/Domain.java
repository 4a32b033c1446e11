package io.kotangent.rewrite;

import io.kotangent.type.DType;

/// The element types for which a rule holds.
public enum Domain {
  FLOAT, INTEGER, BOOL,
  /// Floats and integers.
  NUMBER,
  /// Integers and bools.
  BITS, ANY;

  public boolean accepts(DType dtype) {
    return switch (this) {
      case FLOAT -> dtype.isFloat();
      case INTEGER -> dtype.isInteger();
      case BOOL -> dtype == DType.BOOL;
      case NUMBER -> dtype != DType.BOOL;
      case BITS -> !dtype.isFloat();
      case ANY -> true;
    };
  }

  /// Whether some element type is in both.
  public boolean overlaps(Domain other) {
    for (DType dtype : DType.values()) {
      if (accepts(dtype) && other.accepts(dtype)) {
        return true;
      }
    }
    return false;
  }
}
