package io.kotangent.eval;

import io.kotangent.ir.Node;
import io.kotangent.type.KotangentException;

/// A computation that has no result: names the operation and the user's source line.
public final class EvaluationException extends KotangentException {
  private static final long serialVersionUID = 1;

  EvaluationException(Node node, KotangentException cause) {
    super(node.op().mnemonic() + ": " + cause.getMessage()
        + (node.origin().toString().isEmpty() ? "" : " at " + node.origin()), cause);
  }
}
