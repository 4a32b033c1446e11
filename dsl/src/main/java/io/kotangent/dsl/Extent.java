package io.kotangent.dsl;

import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import io.kotangent.type.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// An axis as one tensor has it: its name, and the size there.
///
/// @param declared the size with which the axis was declared: pools, strides and ends keep the axis and change the size
record Extent(String name, Dim size, Dim declared) {
  Extent(String name, Dim size) {
    this(name, size, size);
  }

  static Extent of(Axis<?> axis) {
    return new Extent(axis.name(), axis.extent());
  }

  /// The same axis where a tensor has another size along it.
  Extent resized(Dim other) {
    return new Extent(name, other, declared);
  }

  /// Checks that an axis value that only says which axis is meant is this axis: it has the size here, or that with which the
  /// axis was declared, before a pool or a stride.
  ///
  /// @param value what has this axis, for the message
  void checkMeantBy(Axis<?> axis, String what, Value value) {
    Dim given = axis.extent();
    boolean known = given.isConstant() && size.isConstant();
    if (known && !given.equals(size) && !given.equals(declared)) {
      throw new ShapeException(what + ": axis '" + name + "' is " + size + value.madeAt() + ", got "
          + given + value.trace().usedAt());
    }
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

  /// The place of the axis that an axis value means, which must be there once, in that size.
  static int find(String what, Axis<?> axis, Value value) {
    int found = find(what, axis.name(), value);
    value.axis(found).checkMeantBy(axis, what, value);
    return found;
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
