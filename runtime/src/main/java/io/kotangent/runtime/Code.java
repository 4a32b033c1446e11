package io.kotangent.runtime;

import io.kotangent.type.KotangentException;

/**
 * The body of a program: compiled bytecode, or an interpreter of its plan. Stateless and thread-safe; all it touches
 * is in its arguments.
 *
 * <p>Several threads may run it together, each by a call of its own: they share all arrays but those of kind
 * {@link ArraySlot.Kind#SCRATCH}, divide the steps among themselves, and meet at the barrier. No bit of a result
 * depends on how many they are.
 */
@FunctionalInterface
public interface Code {
  /** What a thread on its own meets at. */
  Runnable ALONE = () -> {
  };

  /**
   * Does one thread's share of a run.
   *
   * @param arrays one primitive array for each of {@link Signature#arrays()}, in that order, at least as long as
   *     {@link ArraySlot#length()} says
   * @param sizes the value of each of {@link Signature#symbols()}
   * @param thread which of the threads this is, from 0
   * @param threads how many threads make this call
   * @param barrier returns once all of the threads have called it
   * @return in thread 0, whether the updates were committed: {@code false} when the guard was
   */
  boolean run(Object[] arrays, int[] sizes, int thread, int threads, Runnable barrier);

  /** Does all of a run in this thread. */
  default boolean run(Object[] arrays, int[] sizes) {
    return run(arrays, sizes, 0, 1, ALONE);
  }

  /**
   * Says which ways the next run takes, where the plan has two that yield the same bits: plain loops, or SIMD code that
   * may not be worth it yet. Called once before a run, so that all of it sees the same.
   *
   * @param choices the array of the slot of kind {@link ArraySlot.Kind#CHOICES}; all false at first
   * @param sizes as for the run
   */
  default void choose(boolean[] choices, int[] sizes) {
    // plain loops
  }

  /**
   * How a run is made, in words, for the flight recorder: {@code interpreted loop code}, {@code plain loops}.
   *
   * @param choices those of the run, as {@link #choose} left them; empty if the program has none
   */
  default String way(boolean[] choices) {
    return "";
  }

  /**
   * Whether some of the state may be updated, and some not, after a run has thrown. By default all exceptions of ours are
   * thrown before anything is updated.
   *
   * @param thrown what came out of it
   * @param threads how many threads had made the run
   */
  default boolean mayHaveUpdated(Throwable thrown, int threads) {
    return !(thrown instanceof KotangentException);
  }
}
