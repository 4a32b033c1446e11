package io.kotangent.rewrite;

import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import java.util.Optional;

/// A change of a graph at one node. Implementations are small classes whose text says before → after → why.
public interface Rewrite {
  /// The name by which it is skipped and counted: `merge-transposes`.
  default String name() {
    return PartName.of(getClass());
  }

  /// An equal node of the same type made with the builder (which made the given one); empty means "not mine".
  Optional<Node> apply(Node node, GraphBuilder builder);
}
