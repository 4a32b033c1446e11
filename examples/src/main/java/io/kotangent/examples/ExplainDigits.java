package io.kotangent.examples;

import io.kotangent.explain.Explanation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/// Pages that show what becomes of the training steps of the digit networks, from the lines of the model to bytecode:
/// `examples/run explain-digits [FILE] [--measured]`. With `--measured`, also how long each kernel takes on this machine.
public final class ExplainDigits {
  private static final long BATCH = 64;
  private static final int PIXELS = 28 * 28;
  private static final int DIGITS = 10;
  private static final String HTML = ".html";
  private static final String MEASURED = "--measured";

  private ExplainDigits() {}

  /// The step of the dense network.
  public static Explanation dense() {
    return of(Mnist.network());
  }

  /// The step of the convolutional network.
  public static Explanation convolutional() {
    return of(DigitCnn.network());
  }

  private static Explanation of(Digits.Network network) {
    return Explanation.of(network.training().stepGraph()).at(Map.of("batch", BATCH));
  }

  private static Explanation measured(Explanation explanation) {
    SplittableRandom random = new SplittableRandom(1);
    float[] images = new float[(int) BATCH * PIXELS];
    for (int i = 0; i < images.length; i++) {
      images[i] = random.nextFloat();
    }
    return explanation.measured(
        Map.of("image", images, "label", random.ints(BATCH, 0, DIGITS).toArray()));
  }

  /// Writes the page of the dense network to FILE (by default `digits.html` in the folder for temporary files), and that of the
  /// convolutional one beside it, as `…-cnn.html`.
  public static void main(String[] args) throws Exception {
    List<String> files = new ArrayList<>(List.of(args));
    boolean measured = files.remove(MEASURED);
    if (files.size() > 1) {
      throw new Arguments.Refused("expected one file to be written, got " + files.size());
    }
    Path usual = Path.of(System.getProperty("java.io.tmpdir"), "digits" + HTML);
    Path file = Arguments
        .of(files.isEmpty() ? new String[0] : new String[] {"FILE", files.getFirst()}, "FILE")
        .file("FILE", usual);
    write("the dense network", measured ? measured(dense()) : dense(), file);
    String name = file.getFileName().toString();
    String stem =
        name.endsWith(HTML) ? name.substring(0, name.length() - HTML.length()) : name;
    write("the convolutional network",
        measured ? measured(convolutional()) : convolutional(),
        file.resolveSibling(stem + "-cnn" + HTML));
  }

  private static void write(String what, Explanation explanation, Path file) throws Exception {
    explanation.write(file);
    System.out.printf(Locale.ROOT, "%s: %d kernels of %d nodes, %s (%.2f MB)%n", what,
        explanation.kernels().size(), explanation.prepared().schedule().size(), file,
        Files.size(file) / 1e6);
    explanation.measurement().ifPresent(System.out::println);
  }
}
