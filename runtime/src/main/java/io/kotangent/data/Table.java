package io.kotangent.data;

import io.kotangent.type.Argument;
import io.kotangent.type.KotangentException;
import java.util.List;

/**
 * A table of numbers that was read.
 *
 * @param names the features' names, empty if the file had none
 * @param classes the classes' names in the order of their labels, empty if unknown
 * @param width the number of features
 * @param features all features, row after row; numbers are rounded from f64
 * @param labels the label of each row, empty if there are none
 */
public record Table(List<String> names, List<String> classes, int width, float[] features,
    int[] labels) {
  /** Copies the names; the arrays are kept. Refuses features that make no whole rows. */
  public Table {
    names = Argument.all(names, "the names of features");
    classes = Argument.all(classes, "the names of classes");
    Argument.given(labels, "labels");
    int length = Argument.given(features, "features").length;
    if (width < 0 || (width == 0 ? length > 0 : length % width != 0)) {
      throw new KotangentException(
          length + " features: expected rows of " + width + ", as many as the width says");
    }
  }

  /** The number of rows. */
  public int rows() {
    return width == 0 ? labels.length : features.length / width;
  }

  /** A data set with these columns: the features as {@code f32} and the label as {@code i32}. */
  public Dataset dataset(String featurePort, String labelPort) {
    Argument.given(labelPort, "the name of a port");
    if (labels.length != rows()) {
      throw new KotangentException(
          "the table was read without labels; read it with a label column");
    }
    return features(featurePort).with(labelPort, labels);
  }

  /** A data set with the features only, as {@code f32}. */
  public Dataset features(String featurePort) {
    return Dataset.of(rows()).with(Argument.given(featurePort, "the name of a port"),
        features);
  }

  /** The labels as {@code f32}: 0 and 1 of two classes, as a target for sigmoid cross-entropy. */
  public float[] labelsAsFloats() {
    float[] floats = new float[labels.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = labels[i];
    }
    return floats;
  }
}
