package io.kotangent.examples;

import static io.kotangent.dsl.Optimizers.adam;

import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Initializer;
import io.kotangent.dsl.Model;

/// Handwritten digits, learned by two convolutions and two dense layers: `examples/run digit-cnn`.
///
/// LECTURES G8; data: 10 000 digits of MNIST.
public final class DigitCnn {
  record Batch() implements Axis.Symbolic<Batch> {}

  record Row(int size) implements Axis<Row> {}

  record Column(int size) implements Axis<Column> {}

  record Gray(int size) implements Axis<Gray> {}

  record Edges(int size) implements Axis<Edges> {}

  record Strokes(int size) implements Axis<Strokes> {}

  record Hidden(int size) implements Axis<Hidden> {}

  record Digit(int size) implements Axis<Digit> {}

  private DigitCnn() {}

  /// The network and how it is trained.
  static Digits.Network network() {
    var batch = new Batch();
    var digit = new Digit(10);
    var cnn = Model.named("digit_cnn");
    var image = cnn.input("image", batch, new Row(28), new Column(28), new Gray(1));
    var label = cnn.ids("label", batch, digit);
    var logits = image.conv(5, new Edges(32)).relu().maxPool(2)
        .conv(5, new Strokes(64)).relu().maxPool(2)
        .flatten().dense(new Hidden(1024), Initializer.heUniform()).relu().dense(digit);
    var loss = logits.crossEntropy(label).mean();
    return new Digits.Network(cnn.minimize(loss, adam(1e-3)), logits.named("scores"));
  }

  public static void main(String[] args) {
    Digits.train(DigitCnn::network, 6, args);
  }
}
