package io.kotangent.examples;

import io.kotangent.data.Dataset;
import io.kotangent.dsl.Session;
import io.kotangent.train.Progress;
import io.kotangent.train.TrainingListener;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/// Trains the digits for some steps and prints the bits of the weights: `WeightBits mnist|digit-cnn STEPS`.
final class WeightBits {
  private static final int BATCH = 64;

  private WeightBits() {}

  public static void main(String[] args) {
    Digits.Network network = args[0].equals("mnist") ? Mnist.network() : DigitCnn.network();
    long steps = Long.parseLong(args[1]);
    Dataset train = Data.mnist("train");
    Session session = network.training().compile(network.scores()).initialize(0);
    session.trainer(train).batch(BATCH).epochs(Integer.MAX_VALUE).seed(0)
        .listen(new TrainingListener() {
          @Override
          public void onStep(Progress progress) {
            if (progress.step() == steps) {
              progress.stop();
            }
          }
        }).fit();
    System.out.println("SHA-256 of the weights " + session.state().sha256());
    System.out.println("Milliseconds of the second thread " + millis("kotangent-1"));
  }

  /// The processor time of a thread.
  private static long millis(String name) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long nanos = 0;
    for (long id : threads.getAllThreadIds()) {
      var info = threads.getThreadInfo(id);
      if (info != null && info.getThreadName().equals(name)) {
        nanos += Math.max(0, threads.getThreadCpuTime(id));
      }
    }
    return nanos / 1_000_000;
  }
}
