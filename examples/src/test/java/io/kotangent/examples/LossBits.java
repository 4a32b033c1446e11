package io.kotangent.examples;

import io.kotangent.data.Dataset;
import io.kotangent.dsl.Session;
import io.kotangent.train.Progress;
import io.kotangent.train.TrainingListener;

/// Prints the bits of the losses of the first training steps of the digits: `LossBits EXAMPLES STEPS`.
final class LossBits {
  private LossBits() {}

  public static void main(String[] args) {
    Dataset train = Data.mnist("train").slice(0, Integer.parseInt(args[0]));
    long steps = Long.parseLong(args[1]);
    Session session = session().initialize(0);
    session.trainer(train).batch(64).epochs(1).seed(0).listen(new TrainingListener() {
      @Override
      public void onStep(Progress progress) {
        System.out.println(Float.toHexString((float) progress.loss()));
        if (progress.step() == steps) {
          progress.stop();
        }
      }
    }).fit();
  }

  private static Session session() {
    Digits.Network network = Mnist.network();
    return network.training().compile(network.scores());
  }
}
