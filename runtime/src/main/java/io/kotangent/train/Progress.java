package io.kotangent.train;

/** How far a training is; valid during the call of a listener only, since it is the same object every time. */
public interface Progress {
  /** The current epoch, counted from 1. */
  int epoch();

  /** The epoch after which training ends. */
  int epochs();

  /** The last step, counted from 1 over all epochs. */
  long step();

  /** The last step, counted from 1 within the epoch. */
  int stepInEpoch();

  /** The number of steps of a whole epoch. */
  int stepsPerEpoch();

  /** The number of examples of the last step. */
  int batch();

  /** The loss of the last step. */
  double loss();

  /** Asks the training to end after this step (asked at the end of an epoch: after that epoch). */
  void stop();
}
