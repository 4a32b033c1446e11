package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class TierTest {
  @Test
  void interpretedC1AndC2GiveTheSameBits() throws IOException, InterruptedException {
    String standard = OtherJvm.run(TierProbe.class);
    assertTrue(standard.contains("300 steps: "), standard);
    assertEquals(standard, OtherJvm.run(TierProbe.class, "-Xint"));
    assertEquals(standard, OtherJvm.run(TierProbe.class, "-XX:TieredStopAtLevel=1"));
    assertEquals(standard, OtherJvm.run(TierProbe.class, "-XX:-TieredCompilation", "-Xbatch"));
  }
}
