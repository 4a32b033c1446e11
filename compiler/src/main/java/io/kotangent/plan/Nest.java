package io.kotangent.plan;

import io.kotangent.ir.Node;
import io.kotangent.loop.Kernel;
import io.kotangent.type.Dim;
import java.util.List;
import java.util.Optional;

/// A kernel and what it is to be called with.
///
/// @param values what each array of the kernel holds, in order, scratch left out
/// @param ints what each int parameter gets
/// @param parts how threads can share it, if they can
record Nest(Kernel kernel, List<Held> values, List<Dim> ints, Optional<Step.Share.Parts> parts) {
  /// A tensor: a node's value, or an item of its tuple.
  record Held(Node node, int item) {
  }

  Nest {
    values = List.copyOf(values);
    ints = List.copyOf(ints);
  }
}
