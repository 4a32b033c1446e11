package io.kotangent.plan;

import io.kotangent.ir.Node;
import io.kotangent.loop.Kernel;
import io.kotangent.type.Dim;
import java.util.List;

/// A kernel and what it is to be called with.
///
/// @param values what each array of the kernel holds, in order, scratch left out
/// @param ints what each int parameter gets
record Nest(Kernel kernel, List<Held> values, List<Dim> ints) {
  /// A tensor: a node's value, or an item of its tuple.
  record Held(Node node, int item) {
  }

  Nest {
    values = List.copyOf(values);
    ints = List.copyOf(ints);
  }
}
