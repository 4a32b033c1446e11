package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class TierTest {
  @Test
  void interpretedC1AndC2GiveTheSameBits() throws IOException, InterruptedException {
    String standard = steps();
    assertTrue(standard.startsWith("300 steps: "), standard);
    assertEquals(standard, steps("-Xint"));
    assertEquals(standard, steps("-XX:TieredStopAtLevel=1"));
    assertEquals(standard, steps("-XX:-TieredCompilation", "-Xbatch"));
  }

  private static String steps(String... flags) throws IOException, InterruptedException {
    return TierProbe.steps(OtherJvm.run(TierProbe.class, flags));
  }
}
