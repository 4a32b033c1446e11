package io.kotangent.dsl;

import io.kotangent.ir.Op;
import io.kotangent.type.ShapeException;
import java.util.ArrayList;
import java.util.List;

/// Operations with integer positions.
final class Labels {
  private Labels() {
  }

  /// Checks labels against values that have the labels' axes and then the axis that they are positions of.
  static void check(String what, Value values, Value labels, Extent target) {
    for (int i = 0; i < labels.rank(); i++) {
      Align.check(what, values, i, labels, i);
    }
    checkTarget(what, values, values.rank() - 1, labels, target);
  }

  private static void checkTarget(String what, Value values, int axis, Value labels,
      Extent target) {
    Extent found = values.axis(axis);
    if (!found.name().equals(target.name())
        || found.size().isConstant() && target.size().isConstant()
            && !found.size().equals(target.size())) {
      throw new ShapeException(
          what + ": expected positions along " + found + values.madeAt() + ", got positions along "
              + target + labels.madeAt() + values.trace().usedAt());
    }
  }

  /// The rows (first axis) of a table at some positions.
  static Value rows(Value table, Value positions, Extent target) {
    checkTarget("gather", table, 0, positions, target);
    List<Extent> axes = new ArrayList<>(positions.axes());
    axes.addAll(table.axes().subList(1, table.rank()));
    return table.trace().node(b -> b.add(new Op.Gather(0, 0), table.node(), positions.node()), axes,
        table, positions);
  }
}
