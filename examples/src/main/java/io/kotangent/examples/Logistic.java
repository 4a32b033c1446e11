package io.kotangent.examples;

import static io.kotangent.dsl.Optimizers.adam;

import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Initializer;
import io.kotangent.dsl.Model;

/// Logistic regression: benign or malignant, from 30 measurements of a tumor: `examples/run logistic`.
///
/// LECTURES B2, B3, E3, E6; data: Breast Cancer Wisconsin (Diagnostic).
public final class Logistic {
  record Batch() implements Axis.Symbolic<Batch> {}

  record Measurement(int size) implements Axis<Measurement> {}

  private Logistic() {}

  /// One neuron: `σ(x·w + b)`.
  static Tumors.Network network() {
    var batch = new Batch();
    var measurement = new Measurement(30);
    var model = Model.named("logistic");
    var features = model.input("features", batch, measurement);
    var benign = model.input("benign", batch);
    var weights = model.parameter("w", measurement, Initializer.zeros());
    var bias = model.parameter("b");
    var logit = features.dot(weights).plus(bias);
    var loss = logit.sigmoidCrossEntropy(benign).mean();
    return new Tumors.Network(model.minimize(loss, adam(0.01)),
        logit.sigmoid().named("probability"));
  }

  public static void main(String[] args) {
    Tumors.train(Logistic::network, args);
  }
}
