package io.kotangent.train;

import io.kotangent.type.KotangentException;

/** A training step whose loss or gradient was not finite; training stopped there. */
public final class NonFiniteException extends KotangentException {
  private static final long serialVersionUID = 1;

  private final long step;
  private final int epoch;
  private final double loss;

  NonFiniteException(long step, int epoch, double loss, String detail) {
    super("step " + step + " (epoch " + epoch + "): the loss is " + loss
        + (Double.isFinite(loss) ? ", but a gradient is not finite" : "") + "; " + detail);
    this.step = step;
    this.epoch = epoch;
    this.loss = loss;
  }

  /** The step, counted from 1 over all epochs. */
  public long step() {
    return step;
  }

  /** The epoch, counted from 1. */
  public int epoch() {
    return epoch;
  }

  /** The loss of that step. */
  public double loss() {
    return loss;
  }
}
