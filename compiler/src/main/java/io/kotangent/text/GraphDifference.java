package io.kotangent.text;

import io.kotangent.ir.Node;
import java.util.Optional;

/// One difference between two graphs.
///
/// @param where such as `result scores` or `body of %7, result y`
/// @param first what the first graph has there, if anything
/// @param second what the second graph has there, if anything
/// @param text both, as lines that begin with `-` and `+`
public record GraphDifference(Kind kind, String where, Optional<Node> first, Optional<Node> second,
    String text) {
  /// In what two graphs can differ.
  public enum Kind {
    /// An input, parameter or state: its role, type or facts, its place among the others, or that only one graph has it.
    PORT,
    /// That only one graph has a result.
    RESULT,
    /// That only one graph updates a state.
    UPDATE,
    /// That only one graph has a guard.
    GUARD,
    /// What only one graph requires of its sizes; there are no nodes.
    REQUIREMENT,
    /// A computation: changed, or only in one of them.
    NODE
  }

  @Override
  public String toString() {
    return where + ":\n" + text;
  }
}
