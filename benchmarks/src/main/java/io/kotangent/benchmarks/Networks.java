package io.kotangent.benchmarks;

import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Matrix;
import io.kotangent.dsl.Model;

/// The networks of the workloads.
final class Networks {
  record Batch() implements Axis.Symbolic<Batch> {}

  record Input(int size) implements Axis<Input> {}

  record Hidden(int size) implements Axis<Hidden> {}

  record Hidden2(int size) implements Axis<Hidden2> {}

  record Result(int size) implements Axis<Result> {}

  record Digit(int size) implements Axis<Digit> {}

  record Row(int size) implements Axis<Row> {}

  record Column(int size) implements Axis<Column> {}

  record Gray(int size) implements Axis<Gray> {}

  record Feature(int size) implements Axis<Feature> {}

  record Feature2(int size) implements Axis<Feature2> {}

  private Networks() {}

  /// Hidden layers of one width with ReLU, one logit. With 10 inputs and 5 layers of 100 it is the BLOCK model (LECTURES C6).
  static Network block(int inputs, int width, int depth) {
    var batch = new Batch();
    var hidden = new Hidden(width);
    var result = new Result(1);
    var model = Model.named("block");
    var x = model.input("x", batch, new Input(inputs));
    var y = model.input("y", batch, result);
    Matrix<Batch, Hidden> layer = x.dense(hidden).relu();
    for (int i = 1; i < depth; i++) {
      layer = layer.dense(hidden).relu();
    }
    var logit = layer.dense(result);
    return new Network(model, logit.sigmoidCrossEntropy(y).mean(), logit.named("scores"));
  }

  /// One neuron on 30 measurements.
  static Network logistic() {
    var batch = new Batch();
    var result = new Result(1);
    var model = Model.named("logreg");
    var x = model.input("x", batch, new Input(30));
    var y = model.input("y", batch, result);
    var logit = x.dense(result);
    return new Network(model, logit.sigmoidCrossEntropy(y).mean(), logit.named("scores"));
  }

  /// Digits by two hidden layers: 784-128-64-10.
  static Network digits() {
    var batch = new Batch();
    var digit = new Digit(10);
    var model = Model.named("mlp");
    var x = model.input("x", batch, new Input(784));
    var y = model.ids("y", batch, digit);
    var scores = x.dense(new Hidden(128)).relu().dense(new Hidden2(64)).relu().dense(digit);
    return new Network(model, scores.crossEntropy(y).mean(), scores.named("scores"));
  }

  /// Digits by two convolutions (LECTURES G8).
  static Network convolutional() {
    var batch = new Batch();
    var digit = new Digit(10);
    var model = Model.named("cnn");
    var x = model.input("x", batch, new Row(28), new Column(28), new Gray(1));
    var y = model.ids("y", batch, digit);
    var scores = x.conv(5, new Feature(32)).relu().maxPool(2)
        .conv(5, new Feature2(64)).relu().maxPool(2)
        .flatten().dense(new Hidden(1024)).relu().dense(digit);
    return new Network(model, scores.crossEntropy(y).mean(), scores.named("scores"));
  }
}
