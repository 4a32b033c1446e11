package io.kotangent.pass;

import io.kotangent.ir.Graph;
import io.kotangent.rewrite.Hits;
import io.kotangent.rewrite.PartName;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// A change of a whole graph that keeps what it computes. Deterministic and idempotent; graphs in bodies of calls, loops and
/// branches are changed likewise.
public interface Pass {
  /// The name by which it is skipped and reported: `drop-dead-nodes`.
  default String name() {
    return PartName.of(getClass());
  }

  /// The changed graph; the same instance if nothing changed.
  ///
  /// @param hits counts what was done, by name
  Graph apply(Graph graph, Hits hits);

  default Graph apply(Graph graph) {
    return apply(graph, new Hits());
  }

  /// Whether ports and the types of results stay as they are.
  default boolean keepsSignature() {
    return true;
  }

  /// The names of the rules and rewrites that it consists of.
  default List<String> parts() {
    return List.of();
  }

  /// The pass without its parts of these names; empty if its own name is among them.
  default Optional<Pass> without(Collection<String> names) {
    return names.contains(name()) ? Optional.empty() : Optional.of(this);
  }
}
