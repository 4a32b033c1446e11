package io.kotangent.train;

import io.kotangent.type.Argument;
import java.util.List;

/**
 * What became of a training.
 *
 * @param epochs its epochs
 * @param steps the steps that were made
 * @param lastLoss the loss of the last step; NaN if there was none
 * @param stopped whether a listener ended it early
 */
public record TrainingReport(List<EpochReport> epochs, long steps, double lastLoss,
    boolean stopped) {
  /** Copies the list. */
  public TrainingReport {
    epochs = Argument.all(epochs, "the reports of epochs");
  }
}
