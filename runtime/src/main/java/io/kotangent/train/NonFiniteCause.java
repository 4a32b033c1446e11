package io.kotangent.train;

import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Workspace;
import java.util.function.Consumer;

/** Says what made the loss or a gradient of a step infinite or not a number: for who knows the formulas of the step. */
@FunctionalInterface
public interface NonFiniteCause {
  /** Knows nothing. */
  NonFiniteCause UNKNOWN = (step, feed, state) -> "";

  /**
   * The cause and what to try, in words; empty if unknown.
   *
   * @param step the step, counted from 1
   * @param feed feeds a workspace what the step was fed, as far as it takes that
   * @param state as it was before the step
   */
  String of(long step, Consumer<Workspace> feed, ModelState state);
}
