package io.kotangent.examples;

import io.kotangent.bytecode.CompileReport;
import io.kotangent.data.Dataset;
import io.kotangent.data.SafeTensors;
import io.kotangent.dsl.Output;
import io.kotangent.dsl.Session;
import io.kotangent.dsl.Training;
import io.kotangent.train.Metric;
import io.kotangent.train.ProgressReport;
import io.kotangent.train.TrainingReport;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;

/// Trains a network on the digits and tells about it, whatever language the network is written in.
public final class Digits {
  /// A network for digits: from `image` and `label` to a loss that is minimised, and to ten scores.
  public record Network(Training training, Output scores) {}

  private Digits() {}

  /// Builds, compiles and trains; `--seed N` (0), `--epochs N` (15), `--save FILE` (mnist.safetensors in the folder for temporary files).
  public static void train(Supplier<Network> build, String[] args) {
    Arguments arguments = Arguments.of(args, "--seed", "--epochs", "--save");
    long seed = arguments.number("--seed", 0);
    int epochs = Math.toIntExact(arguments.number("--epochs", 15));
    Path file = arguments.path("--save",
        Path.of(System.getProperty("java.io.tmpdir"), "mnist.safetensors"));

    long start = System.nanoTime();
    Network network = build.get();
    Session session = network.training().compile(network.scores());
    double compiled = (System.nanoTime() - start) / 1e6;
    print(network.training().model().summary());
    CompileReport report = session.compilation().report();
    print("Compiled in %.0f ms (model, gradient, both programs; the training step alone: %s)%n",
        compiled, report);

    Dataset train = Data.mnist("train");
    Dataset test = Data.mnist("test");
    StepTimes times = new StepTimes();
    session.initialise(seed);
    TrainingReport training = session.trainer(train).batch(64).epochs(epochs).seed(seed)
        .validate(session.prediction(), test, Metric.accuracy("scores", "label"))
        .listen(ProgressReport.terminal(System.out)).listen(times).fit();

    Dataset scores = session.predict(test);
    print("First step %.1f ms, then %.0f µs a step (median; least %.0f)%n", times.first() / 1e3,
        times.median(),
        times.least());
    print("Test accuracy %.4f%n", Metric.accuracy("scores", "label").measure().of(scores, test));
    print(Ascii.digits(test, scores, 6));
    SafeTensors.save(file, session.state());
    print("Weights saved to %s%n", file);
    print("SHA-256 of the weights %s%n", session.state().sha256());
    print("Last loss %s%n", Float.toHexString((float) training.lastLoss()));
  }

  private static void print(String text, Object... values) {
    System.out.printf(Locale.ROOT, values.length == 0 ? text.replace("%", "%%") + "%n" : text,
        values);
  }
}
