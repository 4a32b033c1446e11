package io.kotangent.pass;

import io.kotangent.ir.Node;

/// What [FoldConstants] folds, for tests of other packages.
public final class Foldable {
  private Foldable() {
  }

  /// Whether the node is a small computation on constants alone that cannot fail.
  public static boolean is(Node node) {
    return FoldConstants.isFoldable(node);
  }
}
