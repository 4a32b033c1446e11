package io.kotangent.examples;

import io.kotangent.bytecode.CompileReport;
import io.kotangent.data.Dataset;
import io.kotangent.data.SafeTensors;
import io.kotangent.dsl.Output;
import io.kotangent.dsl.Session;
import io.kotangent.dsl.Training;
import io.kotangent.plan.PlanMemory;
import io.kotangent.train.Metric;
import io.kotangent.train.ProgressReport;
import io.kotangent.train.TrainingReport;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/// Trains a network on the digits and tells about it, whatever language the network is written in.
public final class Digits {
  /// A network for digits: from `image` and `label` to a loss that is minimized, and to ten scores.
  public record Network(Training training, Output scores) {}

  private static final int BATCH = 64;

  private Digits() {}

  /// Builds, compiles and trains; `--seed N` (0), `--epochs N`, `--save FILE` (the network's name and `.safetensors` in
  /// the folder for temporary files).
  ///
  /// @param usual how many epochs if none are asked for
  public static void train(Supplier<Network> build, int usual, String[] args) {
    Arguments arguments = Arguments.of(args, "--seed", "--epochs", "--save");
    long seed = arguments.number("--seed", 0);
    int epochs = arguments.count("--epochs", usual);

    long start = System.nanoTime();
    Network network = build.get();
    double model = (System.nanoTime() - start) / 1e6;
    String name = network.training().model().name();
    Path file = arguments.file("--save",
        Path.of(System.getProperty("java.io.tmpdir"), name + ".safetensors"));
    Session session = network.training().compile(network.scores());
    System.out.println(network.training().model().summary());
    compiled(model, session.report());
    System.out.printf("Its memory, for batches of %d: %s%n%n", BATCH,
        PlanMemory.of(session.compilation().plan()).summary(sizes(session),
            Runtime.getRuntime().availableProcessors()));

    Dataset train = Data.mnist("train");
    Dataset test = Data.mnist("test");
    StepTimes times = new StepTimes();
    session.initialize(seed);
    System.out.printf(Locale.ROOT, "Training on %d digits in batches of %d, seed %d:%n",
        train.size(), BATCH, seed);
    TrainingReport training = session.trainer(train).batch(BATCH).epochs(epochs).seed(seed)
        .validate(session.prediction(), test, Metric.accuracy("scores", "label"))
        .listen(ProgressReport.terminal(System.out)).listen(times).fit();

    System.out.println(times.summary(BATCH));
    examine(session, test);
    SafeTensors.save(file, session.state());
    System.out.printf(Locale.ROOT, "Weights saved to %s%n", file);
    System.out.printf(Locale.ROOT,
        "SHA-256 of the weights %s (every run of this seed and number of epochs gives it)%n",
        session.state().sha256());
    System.out.printf(Locale.ROOT, "Last loss %s%n",
        Float.toHexString((float) training.lastLoss()));
  }

  /// All sizes that the step leaves open are its batch.
  private static Map<String, Long> sizes(Session session) {
    Map<String, Long> sizes = new LinkedHashMap<>();
    session.step().signature().symbols().forEach(symbol -> sizes.put(symbol, (long) BATCH));
    return sizes;
  }

  private static void examine(Session session, Dataset test) {
    Dataset scores = session.predict(test);
    System.out.printf(Locale.ROOT, "Test accuracy %.4f of %d digits that it has not seen%n",
        Metric.accuracy("scores", "label").measure().of(scores, test), test.size());
    System.out.println("\nThe first of them, and what the network takes them for:");
    System.out.println(Ascii.digits(test, scores, 6));
  }

  /// The training step: how long from the first call of the DSL to loaded classes, and what was made.
  private static void compiled(double model, CompileReport report) {
    System.out.printf(Locale.ROOT,
        "Training step compiled in %.0f ms, from the first line of the model to loaded classes%n",
        model + report.nanos() / 1e6);
    System.out.printf(Locale.ROOT, "  (model and gradient %.0f", model);
    for (CompileReport.Stage stage : report.stages()) {
      System.out.printf(Locale.ROOT, ", %s %.0f", stage.name(), stage.nanos() / 1e6);
    }
    System.out.printf(Locale.ROOT,
        ")%nIts listing: %d lines of steps, %d kernels, largest method %d bytes of bytecode%n",
        report.steps(), report.kernels(), report.largestMethod());
  }
}
