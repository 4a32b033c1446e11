package io.kotangent.examples;

import static io.kotangent.dsl.Optimizers.adam;

import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Initializer;
import io.kotangent.dsl.Model;

/// Handwritten digits, learned by a network of two hidden layers: `examples/run mnist`.
///
/// LECTURES B1, B4, C4, D6; data: 10 000 digits of MNIST.
public final class Mnist {
  record Batch() implements Axis.Symbolic<Batch> {}

  record Pixels(int size) implements Axis<Pixels> {}

  record Hidden1(int size) implements Axis<Hidden1> {}

  record Hidden2(int size) implements Axis<Hidden2> {}

  record Digit(int size) implements Axis<Digit> {}

  private Mnist() {}

  /// The network 784-128-64-10 and how it is trained.
  static Digits.Network network() {
    var batch = new Batch();
    var digit = new Digit(10);
    var mnist = Model.named("mnist");
    var image = mnist.input("image", batch, new Pixels(784));
    var label = mnist.ids("label", batch, digit);
    var he = Initializer.heNormal();
    var logits =
        image.dense(new Hidden1(128), he).relu().dense(new Hidden2(64), he).relu().dense(digit);
    var loss = logits.crossEntropy(label).mean();
    return new Digits.Network(mnist.minimize(loss, adam(1e-3)), logits.named("scores"));
  }

  public static void main(String[] args) {
    Digits.train(Mnist::network, 15, args);
  }
}
