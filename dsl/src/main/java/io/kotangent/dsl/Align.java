package io.kotangent.dsl;

import io.kotangent.type.ShapeException;
import java.util.ArrayList;
import java.util.List;

/// How the axes of an operator's right side stand to those of its left side.
enum Align {
  /// The same axes.
  SAME,
  /// The last axes.
  TRAILING,
  /// The first axes.
  LEADING,
  /// Each where the left side has that name.
  BY_NAME;

  /// For each axis of `right` its place in `left`; names and sizes are checked.
  List<Integer> places(String what, Value left, Value right) {
    if (right.rank() > left.rank() || this == SAME && right.rank() != left.rank()) {
      throw new ShapeException(
          what + ": " + Extent.text(right.axes()) + right.madeAt() + " does not fit "
              + Extent.text(left.axes()) + left.madeAt() + left.trace().usedAt());
    }
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < right.rank(); i++) {
      int place = switch (this) {
        case SAME, LEADING -> i;
        case TRAILING -> left.rank() - right.rank() + i;
        case BY_NAME -> {
          Extent.find(what, right.axis(i).name(), right);
          yield Extent.find(what, right.axis(i).name(), left);
        }
      };
      check(what, left, place, right, i);
      places.add(place);
    }
    return places;
  }

  /// Checks that two axes have one name and sizes that may be equal.
  static void check(String what, Value left, int leftAxis, Value right, int rightAxis) {
    Extent l = left.axis(leftAxis);
    Extent r = right.axis(rightAxis);
    if (!l.name().equals(r.name())) {
      throw new ShapeException(what + ": axis '" + l.name() + "' on the left" + left.madeAt()
          + " meets axis '" + r.name()
          + "' on the right" + right.madeAt() + left.trace().usedAt());
    }
    if (l.size().isConstant() && r.size().isConstant() && !l.size().equals(r.size())) {
      throw new ShapeException(what + ": axis '" + l.name() + "' is " + l.size() + " on the left"
          + left.madeAt() + " and "
          + r.size() + " on the right" + right.madeAt() + left.trace().usedAt());
    }
  }
}
