package io.kotangent.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The bits of a training do not depend on what the JVM makes of the bytecode.
class TiersTest {
  private static final int STEPS = 20;
  private static final int INTERPRETED = 3;

  @Test
  void lossesHaveTheSameBitsUnderEveryCompilerOfTheJvm() throws Exception {
    String usual = losses(List.of(), STEPS);
    assertEquals(STEPS, usual.lines().distinct().count(), usual);
    assertTrue(usual.lines().allMatch(line -> line.startsWith("0x1.")), usual);
    assertEquals(usual, losses(List.of("-XX:TieredStopAtLevel=1"), STEPS), "C1 alone");
    assertEquals(usual, losses(List.of("-XX:-TieredCompilation"), STEPS), "C2 alone");
    String first = usual.lines().limit(INTERPRETED).collect(Collectors.joining("\n", "", "\n"));
    assertEquals(first, losses(List.of("-Xint"), INTERPRETED), "interpreter alone");
  }

  private static String losses(List<String> options, int steps) throws Exception {
    return Child.run(options, LossBits.class, String.valueOf(64 * STEPS), String.valueOf(steps))
        .replace(System.lineSeparator(), "\n");
  }
}
