package io.kotangent.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.SafeTensors;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Digits are learned, and learned the same way everywhere.
class MnistTest {
  /// The bits that are promised for seed 0 and 15 epochs. They change only when a formula of the model, an initializer, the
  /// shuffling or the numerics changes, and then on purpose: run the example and put what it prints here, with the reason
  /// in the change log.
  private static final String SHA =
      "65560bcf0ae0389a6934129f6f0b574d00b585fbcca9273546381554821e0d32";
  private static final String LOSS = "0x1.9d50eep-7";

  @TempDir private Path folder;

  private String printed(Launcher.Main main, String... arguments) throws Exception {
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--save";
    all[arguments.length + 1] = folder.resolve("mnist.safetensors").toString();
    return Printed.by(main, all);
  }

  @Test
  void learnsTheDigitsWithThePromisedBits() throws Exception {
    String text = printed(Mnist::main, "--seed", "0", "--epochs", "15");
    assertTrue(Double.parseDouble(Printed.after(text, "Test accuracy")) >= 0.95, text);
    assertEquals(LOSS, Printed.after(text, "Last loss"));
    assertEquals(SHA, Printed.after(text, "SHA-256 of the weights"));
    assertTrue(text.contains("Total                              109,386\n"), text);
    assertTrue(text.contains("is 5, read 5    is 1, read 1    is 5, read 5"), text);
    assertEquals(128 * 784, ((float[]) SafeTensors.read(folder.resolve("mnist.safetensors"))
        .tensor("dense1.w").values()).length);
  }

  @Test
  void learnsTheDigitsFromOtherSeedsToo() throws Exception {
    double sum = 0;
    for (String seed : List.of("0", "1", "2")) {
      String text = printed(Mnist::main, "--seed", seed, "--epochs", "15");
      double accuracy = Double.parseDouble(Printed.after(text, "Test accuracy"));
      assertTrue(accuracy >= 0.95, () -> "seed " + seed + "\n" + text);
      sum += accuracy;
    }
    assertTrue(sum / 3 >= 0.955, "mean test accuracy of seeds 0, 1, 2: " + sum / 3);
  }

  @Test
  void theKotlinTwinLearnsTheSameBits() throws Exception {
    String java = printed(Mnist::main, "--epochs", "1", "--seed", "7");
    String kotlin = printed(MnistKotlin::main, "--epochs", "1", "--seed", "7");
    assertEquals(Printed.after(java, "SHA-256 of the weights"),
        Printed.after(kotlin, "SHA-256 of the weights"));
    assertEquals(Printed.after(java, "Last loss"), Printed.after(kotlin, "Last loss"));
  }
}
