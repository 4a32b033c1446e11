package io.kotangent.examples;

import io.kotangent.data.Dataset;
import io.kotangent.data.Standardizer;
import io.kotangent.data.Table;
import io.kotangent.dsl.Output;
import io.kotangent.dsl.Session;
import io.kotangent.dsl.Training;
import io.kotangent.train.Metric;
import io.kotangent.train.ProgressReport;
import java.util.Locale;
import java.util.function.Supplier;

/// Trains a network on the tumors and tells about it, whatever language the network is written in.
public final class Tumors {
  /// A network for tumors: from `features` and `benign` to a loss that is minimized, and to a `probability`.
  public record Network(Training training, Output probability) {}

  private Tumors() {}

  /// Builds, compiles and trains; `--seed N` (0), `--epochs N` (30). Returns the accuracy on what it was not trained with.
  public static double train(Supplier<Network> build, String[] args) {
    Arguments arguments = Arguments.of(args, "--seed", "--epochs");
    long seed = arguments.number("--seed", 0);
    Table table = Data.tumors();
    Dataset all = table.features("features").with("benign", table.labelsAsFloats());
    Dataset.Split split = all.split(0.25, seed);
    Standardizer scale = Standardizer.of(split.train(), "features");
    Dataset test = scale.apply(split.test());

    Network network = build.get();
    Session session = network.training().compile(network.probability());
    System.out.println(network.training().model().summary());
    session.initialize(seed).trainer(scale.apply(split.train())).batch(32)
        .epochs(arguments.count("--epochs", 30)).seed(seed)
        .listen(ProgressReport.terminal(System.out)).fit();
    double accuracy = Metric.binaryAccuracy("probability", "benign", 0.5).measure()
        .of(session.predict(test), test);
    System.out.printf(Locale.ROOT, "Test accuracy %.4f of %d tumors that it has not seen%n%n",
        accuracy, test.size());
    System.out.println(decisions(session.predict(test).floats("probability"),
        test.floats("benign")));
    return accuracy;
  }

  /// Who was taken for what, decided at a probability of 0.5.
  private static String decisions(float[] probability, float[] benign) {
    int[][] count = new int[2][2];
    for (int i = 0; i < benign.length; i++) {
      count[benign[i] > 0.5 ? 1 : 0][probability[i] > 0.5 ? 1 : 0]++;
    }
    return """
                     said malignant  said benign
        is malignant %14d %12d
        is benign    %14d %12d
        """.formatted(count[0][0], count[0][1], count[1][0], count[1][1]);
  }
}
