package io.kotangent.autodiff;

import io.kotangent.type.KotangentException;

/// A derivative that does not exist, or that was asked for wrongly.
public final class GradientException extends KotangentException {
  private static final long serialVersionUID = 1;

  public GradientException(String message) {
    super(message);
  }
}
