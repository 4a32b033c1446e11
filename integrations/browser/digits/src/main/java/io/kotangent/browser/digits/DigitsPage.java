package io.kotangent.browser.digits;

import static io.kotangent.dsl.Optimizers.sgd;

import io.kotangent.browser.Browser;
import io.kotangent.browser.BrowserNetwork;
import io.kotangent.data.Dataset;
import io.kotangent.dsl.Axis;
import io.kotangent.dsl.Initializer;
import io.kotangent.dsl.Model;
import io.kotangent.dsl.Session;
import io.kotangent.examples.Data;
import io.kotangent.train.Metric;
import io.kotangent.type.KotangentException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// A network learns digits and becomes one page, on which it recognizes what people draw and goes on learning:
/// `examples/run aot-digits-page [FILE]`.
public final class DigitsPage {
  /// The class that the network becomes.
  static final String NAME = "org.example.Digits";
  private static final int BATCH = 8;
  private static final int EPOCHS = 12;

  record Batch() implements Axis.Symbolic<Batch> {}

  record Pixels(int size) implements Axis<Pixels> {}

  record Hidden(int size) implements Axis<Hidden> {}

  record Digit(int size) implements Axis<Digit> {}

  private DigitsPage() {}

  /// Its argument is the file that is written: `digits.html` in the folder for temporary files if there is none.
  public static void main(String[] args) throws IOException {
    if (args.length > 1) {
      throw new KotangentException("expected one file to be written, got " + args.length);
    }
    Path file = args.length == 1 ? Path.of(args[0])
        : Path.of(System.getProperty("java.io.tmpdir"), "digits.html");
    checkPlace(file);
    System.out.println("Training …");
    Session session = trained(EPOCHS);
    Dataset test = Data.mnist("test");
    System.out.printf(Locale.ROOT, "Test accuracy %.4f of %d digits that it has not seen%n",
        Metric.accuracy("scores", "label").measure().of(session.predict(test), test), test.size());
    long start = System.nanoTime();
    BrowserNetwork network = network(session);
    network.to(file, html());
    System.out.printf(Locale.ROOT, "Compiled to WebAssembly in %.1f s%n",
        (System.nanoTime() - start) / 1e9);
    System.out.printf(Locale.ROOT,
        "%s: %d bytes, with %d of WebAssembly and %d of weights; open it in a browser%n", file,
        Files.size(file), network.wasm().length, network.weights().length);
  }

  /// To be asked before much work is done.
  private static void checkPlace(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder)) {
      throw new KotangentException("expected a file in a folder that is there, got " + file);
    }
  }

  /// The network 784-128-10, trained.
  static Session trained(int epochs) {
    var batch = new Batch();
    var digit = new Digit(10);
    var digits = Model.named("digits");
    var image = digits.input("image", batch, new Pixels(784));
    var label = digits.ids("label", batch, digit);
    var logits = image.dense(new Hidden(128), Initializer.heNormal()).relu().dense(digit);
    var loss = logits.crossEntropy(label).mean();
    Session session =
        digits.minimize(loss, sgd(0.02)).compile(logits.named("scores")).initialize(0);
    if (epochs > 0) {
      session.trainer(Data.mnist("train")).batch(BATCH).epochs(epochs).seed(0).fit();
    }
    return session;
  }

  static BrowserNetwork network(Session session) {
    return Browser.compile(session.trainableAot(NAME).withoutFma());
  }

  /// The page without the network.
  static String html() throws IOException {
    try (InputStream in = DigitsPage.class.getResourceAsStream("digits.html")) {
      if (in == null) {
        throw new IllegalStateException("digits.html is not beside " + DigitsPage.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
