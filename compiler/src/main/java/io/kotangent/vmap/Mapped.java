package io.kotangent.vmap;

import io.kotangent.ir.Node;

/// What a value became: itself, the same for all examples, or all examples' values along a new leading axis.
record Mapped(Node node, boolean batched) {
  static Mapped same(Node node) {
    return new Mapped(node, false);
  }

  static Mapped all(Node node) {
    return new Mapped(node, true);
  }
}
