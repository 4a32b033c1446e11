package io.kotangent.runtime;

/**
 * The body of a program: compiled bytecode, or an interpreter of its plan. Stateless and thread-safe; all it touches
 * is in its arguments.
 */
@FunctionalInterface
public interface Code {
  /**
   * Runs once.
   *
   * @param arrays one primitive array for each of {@link Signature#arrays()}, in that order, at least as long as
   *     {@link ArraySlot#length()} says
   * @param sizes the value of each of {@link Signature#symbols()}
   * @return whether the updates were committed: {@code false} when the guard was
   */
  boolean run(Object[] arrays, int[] sizes);
}
