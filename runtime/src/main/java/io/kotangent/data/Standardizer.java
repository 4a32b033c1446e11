package io.kotangent.data;

import io.kotangent.type.Argument;
import io.kotangent.type.KotangentException;

/**
 * Brings each feature of an {@code f32} column to mean 0 and standard deviation 1, by the statistics of the data it
 * was made from: make it from the training examples and apply it to all. A feature that does not vary is only shifted.
 *
 * @param column the column's name
 * @param mean the mean of each feature
 * @param deviation the standard deviation of each feature (divided by the number of examples), 1 where it is 0
 */
public record Standardizer(String column, double[] mean, double[] deviation) {
  /** Refuses statistics of different numbers of features. */
  public Standardizer {
    Argument.given(column, "the name of a column");
    if (Argument.given(mean, "the means").length
        != Argument.given(deviation, "the deviations").length) {
      throw new KotangentException("column '" + column + "': expected a deviation for each of "
          + mean.length + " means, got " + deviation.length);
    }
  }

  /**
   * Takes the statistics of a column; sums run over the examples in their order, in f64.
   *
   * @throws KotangentException if there is no such {@code f32} column, or no example
   */
  public static Standardizer of(Dataset data, String column) {
    float[] values = Argument.given(data, "a data set").floats(column);
    int width = data.column(column).width();
    if (data.size() == 0) {
      throw new KotangentException("column '" + column + "' has no examples to take statistics of");
    }
    double[] mean = new double[width];
    for (int i = 0; i < values.length; i++) {
      mean[i % width] += values[i];
    }
    for (int f = 0; f < width; f++) {
      mean[f] /= data.size();
    }
    double[] deviation = new double[width];
    for (int i = 0; i < values.length; i++) {
      double d = values[i] - mean[i % width];
      deviation[i % width] += d * d;
    }
    for (int f = 0; f < width; f++) {
      deviation[f] = deviation[f] == 0 ? 1 : Math.sqrt(deviation[f] / data.size());
    }
    return new Standardizer(column, mean, deviation);
  }

  /** {@code data} with the column standardized; computed in f64, then rounded. */
  public Dataset apply(Dataset data) {
    float[] values = Argument.given(data, "a data set").floats(column);
    if (data.column(column).width() != mean.length && data.size() > 0) {
      throw new KotangentException("column '" + column + "' has " + data.column(column).width()
          + " features, but the statistics are of " + mean.length + ": expected as many");
    }
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      int feature = i % mean.length;
      result[i] = (float) ((values[i] - mean[feature]) / deviation[feature]);
    }
    return data.with(column, result);
  }
}
