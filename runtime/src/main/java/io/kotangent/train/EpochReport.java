package io.kotangent.train;

import io.kotangent.type.Argument;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What became of an epoch.
 *
 * @param epoch counted from 1
 * @param steps the steps that were made in it
 * @param loss the mean loss of its examples, each with the weights of its step
 * @param seconds the wall time of its steps
 * @param metrics the metrics of the validation that followed, by name, in their order
 */
public record EpochReport(int epoch, int steps, double loss, double seconds,
    Map<String, Double> metrics) {
  /** Copies the metrics. */
  public EpochReport {
    metrics = Collections.unmodifiableMap(
        new LinkedHashMap<>(Argument.given(metrics, "metrics")));
  }
}
