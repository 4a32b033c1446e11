package io.kotangent.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.dsl.Session;
import io.kotangent.train.TrainingReport;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The convolutional network for digits (LECTURES G8).
class DigitCnnTest {
  /// The bits that are promised for three steps from seed 0; see [MnistTest].
  private static final String SHA =
      "d363966d446d5bdae76c8333470f024f0ab0cdeb90e366785c23e5978f8e334e";
  private static final String LOSS = "0x1.08755ap2";

  @TempDir private Path folder;

  private static String trained(Digits.Network network) {
    Session session = network.training().compile(network.scores()).initialize(0);
    TrainingReport report = session.trainer(Data.mnist("train").slice(0, 3 * 64)).batch(64)
        .epochs(1).seed(0).fit();
    return session.state().sha256() + " " + Float.toHexString((float) report.lastLoss());
  }

  @Test
  void threeStepsHaveThePromisedBitsInBothLanguages() {
    assertEquals(SHA + " " + LOSS, trained(DigitCnn.network()));
    assertEquals(SHA + " " + LOSS, trained(DigitCnnKotlin.network()));
  }

  @Test
  void isTheNetworkOfTheCourse() {
    assertEquals("""
        Model: digit_cnn
        ────────────────────────────────────────────
        Layer         Output shape        Parameters
        ────────────────────────────────────────────
        conv1         [batch,28,28,32]           832
        maxPool1      [batch,14,14,32]             0
        conv2         [batch,14,14,64]        51,264
        maxPool2      [batch,7,7,64]               0
        flatten1      [batch,3136]                 0
        dense1        [batch,1024]         3,212,288
        dense2        [batch,10]              10,250
        ────────────────────────────────────────────
        Total                              3,274,634
        """, DigitCnn.network().training().model().summary());
  }

  @Test @Tag("exhaustive")
  void learnsTheDigitsFromThreeSeeds() throws Exception {
    double sum = 0;
    for (String seed : List.of("0", "1", "2")) {
      String text = Printed.by(DigitCnn::main, "--seed", seed, "--save",
          folder.resolve("digits.safetensors").toString());
      double accuracy = Double.parseDouble(Printed.after(text, "Test accuracy"));
      assertTrue(accuracy >= 0.97, () -> "seed " + seed + "\\n" + text);
      sum += accuracy;
    }
    assertTrue(sum / 3 >= 0.975, "mean test accuracy of seeds 0, 1, 2: " + sum / 3);
  }
}
