package io.kotangent.dsl;

import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import io.kotangent.type.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// An axis as one tensor has it: its name, and the size there.
record Extent(String name, Dim size) {
  static Extent of(Axis<?> axis) {
    return new Extent(axis.name(), axis.extent());
  }

  static Shape shape(List<Extent> axes) {
    List<Dim> dims = new ArrayList<>(axes.size());
    for (Extent axis : axes) {
      dims.add(axis.size);
    }
    return new Shape(dims);
  }

  /// `[batch, pixels=784]`.
  static String text(List<Extent> axes) {
    return axes.stream().map(Extent::toString).collect(Collectors.joining(", ", "[", "]"));
  }

  /// The place of the axis of that name, which must be there once.
  ///
  /// @param what the operation, for the message
  static int find(String what, String name, Value value) {
    List<Extent> axes = value.axes();
    int found = -1;
    for (int i = 0; i < axes.size(); i++) {
      if (axes.get(i).name.equals(name)) {
        if (found >= 0) {
          throw new ShapeException(
              what + ": axis '" + name + "' occurs twice in " + text(axes) + value.madeAt()
                  + ": rename one with renamed(..), then it can be meant by name"
                  + value.trace().usedAt());
        }
        found = i;
      }
    }
    if (found < 0) {
      throw new ShapeException(
          what + ": expected an axis '" + name + "', got " + text(axes) + value.madeAt()
              + value.trace().usedAt());
    }
    return found;
  }

  @Override
  public String toString() {
    return size.toString().equals(name) ? name : name + "=" + size;
  }
}
