package io.kotangent.dsl;

import io.kotangent.ir.Node;
import io.kotangent.ir.Origin;
import java.util.List;

/// What every expression holds: a node of a trace, its axes by name, and the line that made it. (The node's own origin
/// may be an earlier line that computed the same.)
record Value(Trace trace, Node node, List<Extent> axes, Origin origin) {
  Value {
    axes = List.copyOf(axes);
  }

  int rank() {
    return axes.size();
  }

  Extent axis(int index) {
    return axes.get(index);
  }

  /// ` (Model.java:3)`, or nothing when the line is unknown.
  String madeAt() {
    return origin.place().isEmpty() ? "" : " (" + origin.place() + ")";
  }
}
