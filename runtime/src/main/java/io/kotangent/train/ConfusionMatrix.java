package io.kotangent.train;

import io.kotangent.data.Dataset;
import io.kotangent.type.Argument;
import io.kotangent.type.KotangentException;
import java.util.List;
import java.util.Locale;

/** How often each class was taken for which. */
public final class ConfusionMatrix {
  private final int[][] counts;

  private ConfusionMatrix(int classes) {
    counts = new int[classes][classes];
  }

  /**
   * Counts the largest score of each example against its label.
   *
   * @throws KotangentException if a label is outside the scores, or all scores of an example are NaN
   */
  public static ConfusionMatrix of(Dataset predictions, String scores, Dataset data, String label) {
    int[] labels = Metric.labels(predictions, data, label);
    int[] predicted = Metric.largest(predictions, scores, data, label);
    ConfusionMatrix matrix =
        new ConfusionMatrix(Metric.classes(predictions, scores, data, label));
    for (int i = 0; i < labels.length; i++) {
      if (predicted[i] < 0) {
        throw new KotangentException("example " + i / data.column(label).width() + ": label "
            + labels[i] + ", predicted NaN: expected a class of 0 to "
            + (matrix.counts.length - 1));
      }
      matrix.counts[labels[i]][predicted[i]]++;
    }
    return matrix;
  }

  /** How many classes there are. */
  public int classes() {
    return counts.length;
  }

  /**
   * How many examples of class {@code label} were taken for class {@code predicted}.
   *
   * @throws KotangentException if there is no such class
   */
  public int count(int label, int predicted) {
    if (label < 0 || label >= counts.length || predicted < 0 || predicted >= counts.length) {
      throw new KotangentException("label " + label + ", predicted " + predicted
          + ": expected classes 0 to " + (counts.length - 1));
    }
    return counts[label][predicted];
  }

  /** The share of examples that are right. */
  public double accuracy() {
    long right = 0;
    long all = 0;
    for (int label = 0; label < counts.length; label++) {
      right += counts[label][label];
      for (int count : counts[label]) {
        all += count;
      }
    }
    return (double) right / all;
  }

  /**
   * A table: a line a label, a column a prediction, headed by {@code classes}.
   *
   * @throws KotangentException if these are not as many names as there are classes
   */
  public String table(List<String> classes) {
    if (Argument.all(classes, "the names of classes").size() != counts.length) {
      throw new KotangentException(
          "the names " + classes + ": expected one for each of " + counts.length + " classes");
    }
    int width = Math.max(6, classes.stream().mapToInt(String::length).max().orElse(0) + 1);
    StringBuilder text = new StringBuilder(" ".repeat(width));
    for (String name : classes) {
      text.append(String.format(Locale.ROOT, "%" + width + "s", name));
    }
    for (int label = 0; label < counts.length; label++) {
      text.append('\n').append(String.format(Locale.ROOT, "%" + width + "s", classes.get(label)));
      for (int count : counts[label]) {
        text.append(String.format(Locale.ROOT, "%" + width + "d", count));
      }
    }
    return text.append('\n').toString();
  }
}
