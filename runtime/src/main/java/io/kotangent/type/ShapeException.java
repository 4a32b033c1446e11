package io.kotangent.type;

/** Types, shapes, sizes or axes that do not fit each other. */
public final class ShapeException extends KotangentException {
  private static final long serialVersionUID = 1;

  /** Where, what was expected, what came, and what to try. */
  public ShapeException(String message) {
    super(message);
  }
}
