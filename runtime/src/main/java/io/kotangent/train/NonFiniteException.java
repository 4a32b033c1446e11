package io.kotangent.train;

import io.kotangent.type.KotangentException;

/** A training step whose loss or gradient was not finite; training stopped there. */
public final class NonFiniteException extends KotangentException {
  private static final long serialVersionUID = 1;

  private final long step;
  private final int epoch;
  private final double loss;

  /**
   * @param weights what became of them
   * @param why what is wrong and what to try; empty if nobody knows
   */
  NonFiniteException(long step, int epoch, double loss, String weights, String why) {
    super("step " + step + " (epoch " + epoch + "): the loss is " + loss
        + (Double.isFinite(loss) && why.isEmpty() ? ", but a gradient is not finite" : "") + "; "
        + weights + (why.isEmpty() ? "; " + usual(step) : ": " + why));
    this.step = step;
    this.epoch = epoch;
    this.loss = loss;
  }

  /** Before the first step no learning rate was at work. */
  private static String usual(long step) {
    return (step == 1 ? "look" : "try a smaller learning rate, or look")
        + " for a formula outside of its domain, such as log or sqrt of a negative number, or a division by 0";
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
