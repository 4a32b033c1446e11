package io.kotangent.examples;

import static io.kotangent.dsl.Optimizers.adam;

import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Initializer;
import io.kotangent.dsl.Model;

/// Exclusive or: what no single neuron can do, two layers learn: `examples/run xor`.
///
/// LECTURES B9.
public final class Xor {
  record Batch() implements Axis.Symbolic<Batch> {}

  record Bit(int size) implements Axis<Bit> {}

  record Hidden(int size) implements Axis<Hidden> {}

  record Truth(int size) implements Axis<Truth> {}

  private Xor() {}

  /// Two bits, eight hidden units with tanh, one output; Adam 0.05 on all four rows of the truth table.
  static TruthTable.Network network() {
    var batch = new Batch();
    var truth = new Truth(1);
    var model = Model.named("xor");
    var bits = model.input("bits", batch, new Bit(2));
    var wanted = model.input("wanted", batch, truth);
    var logit = bits.dense(new Hidden(8), Initializer.glorotUniform()).tanh().dense(truth);
    var loss = logit.sigmoidCrossEntropy(wanted).mean();
    return new TruthTable.Network(model.minimize(loss, adam(0.05)),
        logit.sigmoid().named("probability"));
  }

  public static void main(String[] args) {
    TruthTable.learn(Xor::network, args);
  }
}
