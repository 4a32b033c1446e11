package io.kotangent.runtime;

import io.kotangent.type.KotangentException;

/**
 * What a program was given does not fit it: a wrong name, element type, length, size or value, or something missing.
 * The message names the port, what was expected, what came, and what to try. Nothing was computed and no state was
 * changed when it is thrown.
 */
public final class FeedException extends KotangentException {
  private static final long serialVersionUID = 1;

  /** What was expected, what came, and what to try. */
  public FeedException(String message) {
    super(message);
  }
}
