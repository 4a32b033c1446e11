package io.kotangent.runtime;

import io.kotangent.type.KotangentException;

/**
 * Something that is for one thread at a time was used by two: a workspace by two runs, a state that one thread updates
 * by another. Who gets this has changed nothing, and has no results; who was there first is not disturbed.
 */
public final class ConcurrentUseException extends KotangentException {
  private static final long serialVersionUID = 1;

  /** What was used, by whom, and what to do instead. */
  public ConcurrentUseException(String message) {
    super(message);
  }
}
