package io.kotangent.type;

import java.util.Objects;

/**
 * What every error of Kotangent is. Its message says where (the user's source line when there is one), what was
 * expected, what came, and what to try.
 */
public class KotangentException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Where, what was expected, what came, and what to try. */
  public KotangentException(String message) {
    super(message);
  }

  /** The same, with what led to it. */
  public KotangentException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Says what went wrong; never missing. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
