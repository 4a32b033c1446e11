package io.kotangent.train;

import io.kotangent.data.Dataset;
import io.kotangent.type.Argument;
import io.kotangent.type.KotangentException;

/**
 * A number that says how good predictions are.
 *
 * @param name what it is called in reports
 * @param measure from predictions ({@link Predictor#predict}) and the data set to the number
 */
public record Metric(String name, Measure measure) {
  /** Takes both as they are. */
  public Metric {
    Argument.given(name, "the name of a metric");
    Argument.given(measure, "what measures");
  }

  /** Compares predictions to what should have been predicted. */
  @FunctionalInterface
  public interface Measure {
    /** The number for these predictions of these examples. */
    double of(Dataset predictions, Dataset data);
  }

  /**
   * The share of labels at which the largest score (the first, on a tie) is; a NaN is never the largest. There may be
   * several labels an example, such as one for each word of a text, each with scores for all classes.
   *
   * @throws KotangentException when measured, if a label is none of the classes that have scores, or all its scores are NaN
   */
  public static Metric accuracy(String scores, String label) {
    checkNames(scores, label);
    return new Metric("accuracy", (predictions, data) -> {
      int[] labels = labels(predictions, data, label);
      int[] predicted = largest(predictions, scores, data, label);
      checkPredicted(predictions, scores, predicted);
      int right = 0;
      for (int i = 0; i < labels.length; i++) {
        right += predicted[i] == labels[i] ? 1 : 0;
      }
      return (double) right / labels.length;
    });
  }

  /**
   * The share of examples whose score is at least {@code threshold} exactly when the target is at least 0.5: 0 for logits,
   * 0.5 for probabilities. The target is an {@code i32} or {@code f32} column.
   *
   * @throws KotangentException when measured, if a score is NaN
   */
  public static Metric binaryAccuracy(String score, String target, double threshold) {
    checkNames(score, target);
    return new Metric("accuracy", (predictions, data) -> {
      checkExamples(predictions, data);
      double[] scores = predicted(predictions, score);
      double[] targets = numbers(data, target);
      checkEqual(score, scores, target, targets);
      int right = 0;
      for (int i = 0; i < scores.length; i++) {
        right += scores[i] >= threshold == targets[i] >= 0.5 ? 1 : 0;
      }
      return (double) right / scores.length;
    });
  }

  /**
   * The mean over all elements of the squared difference.
   *
   * @throws KotangentException when measured, if a prediction is NaN
   */
  public static Metric meanSquaredError(String prediction, String target) {
    checkNames(prediction, target);
    return new Metric("mse", (predictions, data) -> {
      checkExamples(predictions, data);
      double[] p = predicted(predictions, prediction);
      double[] t = numbers(data, target);
      checkEqual(prediction, p, target, t);
      return squares(p, t) / p.length;
    });
  }

  /**
   * The share of the target's variance that is explained: 1 − Σ(p − t)² / Σ(t − mean t)².
   *
   * @throws KotangentException when measured, if a prediction is NaN
   */
  public static Metric r2(String prediction, String target) {
    checkNames(prediction, target);
    return new Metric("r2", (predictions, data) -> {
      checkExamples(predictions, data);
      double[] p = predicted(predictions, prediction);
      double[] t = numbers(data, target);
      checkEqual(prediction, p, target, t);
      double mean = 0;
      for (double value : t) {
        mean += value / t.length;
      }
      double variance = 0;
      for (double value : t) {
        variance += (value - mean) * (value - mean);
      }
      return 1 - squares(p, t) / variance;
    });
  }

  /** This under another name. */
  public Metric named(String other) {
    return new Metric(other, measure);
  }

  /** How many classes have a score for each label. */
  static int classes(Dataset predictions, String scores, Dataset data, String label) {
    checkExamples(predictions, data);
    int width = predictions.column(scores).width();
    int each = data.column(label).width();
    if (each == 0 || width == 0 || width % each != 0) {
      throw new KotangentException("'" + scores + "' has " + width + " elements an example, but '"
          + label + "' has " + each
          + " labels: expected one label or more, and as many scores for each");
    }
    return width / each;
  }

  /** The index of the largest score (the first, on a tie) for each label; -1 if all are NaN. */
  static int[] largest(Dataset predictions, String scores, Dataset data, String label) {
    int classes = classes(predictions, scores, data, label);
    double[] values = numbers(predictions, scores);
    int[] labels = data.ints(label);
    int[] largest = new int[labels.length];
    for (int i = 0; i < largest.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new KotangentException("'" + label + "' of example " + i / data.column(label).width()
            + " is " + labels[i] + ": expected classes 0 to " + (classes - 1) + " of '" + scores
            + "'");
      }
      double most = Double.NEGATIVE_INFINITY;
      largest[i] = -1;
      for (int c = 0; c < classes; c++) {
        double value = values[i * classes + c];
        if (value > most || largest[i] < 0 && value == most) {
          most = value;
          largest[i] = c;
        }
      }
    }
    return largest;
  }

  private static void checkNames(String predicted, String target) {
    Argument.given(predicted, "the name of a column of predictions");
    Argument.given(target, "the name of a column of the data set");
  }

  /** The labels of examples that there are predictions of. */
  static int[] labels(Dataset predictions, Dataset data, String label) {
    checkExamples(predictions, data);
    return data.ints(label);
  }

  private static void checkExamples(Dataset predictions, Dataset data) {
    Argument.given(predictions, "predictions");
    Argument.given(data, "a data set");
    if (data.size() == 0 || predictions.size() != data.size()) {
      throw new KotangentException(predictions.size() + " predictions for " + data.size()
          + " examples: expected as many, and at least one");
    }
  }

  /** No score says anything where all are NaN. */
  private static void checkPredicted(Dataset predictions, String scores, int[] predicted) {
    for (int i = 0; i < predicted.length; i++) {
      if (predicted[i] < 0) {
        throw notANumber(scores, (long) i * predictions.size() / predicted.length);
      }
    }
  }

  /** Predictions, none of which is NaN. */
  private static double[] predicted(Dataset predictions, String name) {
    double[] numbers = numbers(predictions, name);
    for (int i = 0; i < numbers.length; i++) {
      if (Double.isNaN(numbers[i])) {
        throw notANumber(name, i / predictions.column(name).width());
      }
    }
    return numbers;
  }

  private static KotangentException notANumber(String name, long example) {
    return new KotangentException("prediction '" + name + "' of example " + example
        + " is NaN, so there is nothing to measure; look for NaN in the data, or in the weights");
  }

  private static double squares(double[] p, double[] t) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += (p[i] - t[i]) * (p[i] - t[i]);
    }
    return sum;
  }

  private static double[] numbers(Dataset data, String name) {
    Object values = data.column(name).values();
    double[] numbers = new double[java.lang.reflect.Array.getLength(values)];
    for (int i = 0; i < numbers.length; i++) {
      if (values instanceof float[] floats) {
        numbers[i] = floats[i];
      } else if (values instanceof double[] doubles) {
        numbers[i] = doubles[i];
      } else if (values instanceof int[] ints) {
        numbers[i] = ints[i];
      } else {
        throw new KotangentException("column '" + name + "' is " + data.column(name).dtype()
            + ": expected f32, f64 or i32");
      }
    }
    return numbers;
  }

  private static void checkEqual(String name, double[] values, String other, double[] others) {
    if (values.length != others.length || values.length == 0) {
      throw new KotangentException(
          "'" + name + "' has " + values.length + " elements, but '" + other + "' has "
              + others.length + ": expected as many, and at least one");
    }
  }
}
