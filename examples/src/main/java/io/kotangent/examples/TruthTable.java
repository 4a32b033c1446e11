package io.kotangent.examples;

import io.kotangent.data.Dataset;
import io.kotangent.dsl.Output;
import io.kotangent.dsl.Session;
import io.kotangent.dsl.Training;
import java.util.Locale;
import java.util.function.Supplier;

/// Has a network learn the four rows of exclusive or, and shows the same function with weights set by hand.
public final class TruthTable {
  /// A network from `bits` and `wanted` to a loss that is minimized, and to a `probability`.
  public record Network(Training training, Output probability) {}

  private static final float[] BITS = {0, 0, 0, 1, 1, 0, 1, 1};
  private static final float[] XOR = {0, 1, 1, 0};

  private TruthTable() {}

  /// Trains for `--epochs N` (400) from `--seed N` (0) and prints the table. Returns whether every row came out right.
  public static boolean learn(Supplier<Network> build, String[] args) {
    Arguments arguments = Arguments.of(args, "--seed", "--epochs");
    long seed = arguments.number("--seed", 0);
    Dataset table = Dataset.of(4).with("bits", BITS).with("wanted", XOR);
    Network network = build.get();
    Session session = network.training().compile(network.probability());
    session.initialize(seed).trainer(table).batch(4)
        .epochs(arguments.count("--epochs", 400))
        .seed(seed).fit();
    float[] learned = session.predict(table).floats("probability");
    boolean right = true;
    System.out
        .println("Three threshold neurons with weights set by hand, and a network that learned:\n");
    System.out.println(" a  b   xor  by hand  learned");
    for (int row = 0; row < 4; row++) {
      right &= learned[row] > 0.5 == XOR[row] > 0.5;
      System.out.printf(Locale.ROOT, " %.0f  %.0f    %.0f     %d      %.4f%n", BITS[2 * row],
          BITS[2 * row + 1],
          XOR[row], byHand(BITS[2 * row], BITS[2 * row + 1]), learned[row]);
    }
    System.out.println(right ? "Learned." : "Not learned.");
    return right;
  }

  /// XOR is OR and not AND: three threshold neurons.
  private static int byHand(float a, float b) {
    int or = threshold(a + b - 0.5);
    int and = threshold(a + b - 1.5);
    return threshold(or - and - 0.5);
  }

  private static int threshold(double activation) {
    return activation > 0 ? 1 : 0;
  }
}
