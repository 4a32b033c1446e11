package io.kotangent.train;

/** Is told how a training goes, on its thread. What a listener throws ends the training. */
public interface TrainingListener {
  /** Before the first step. */
  default void onStart(Progress progress) {
  }

  /** After each step. */
  default void onStep(Progress progress) {
  }

  /** After each epoch and its validation. */
  default void onEpoch(Progress progress, EpochReport report) {
  }

  /** After the last step; also when training stops because of an error. */
  default void onEnd() {
  }
}
