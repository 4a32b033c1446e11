package io.kotangent.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.OtherJvm;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Mutants of valid texts are compiled and run, or refused by a typed error within two seconds, with little memory.
class TextFuzzTest {
  private static final int MUTANTS = 3_000;
  /// Of the long form: a range such as 0..1000000 of seeds.
  private static final String SEEDS = System.getProperty("kotangent.mutants", "0..1000000");

  @Test
  void mutantsAreRefusedOrRun() throws IOException {
    TextFuzz fuzz = new TextFuzz();
    fuzz.run(0, MUTANTS);
    System.out.println(fuzz.summary());
    assertEquals(List.of(), fuzz.faults().stream().limit(3).toList(),
        fuzz.faults().size() + " faults");
    assertTrue(fuzz.reached("parse") > MUTANTS / 4 && fuzz.reached("done") > MUTANTS / 50,
        fuzz.summary());
  }

  @Test @Tag("faults")
  void manyMutantsInLittleMemory() throws IOException, InterruptedException {
    String[] range = SEEDS.split("\\.\\.");
    System.out
        .println(OtherJvm.run(TextFuzz.class, List.of("-XX:+UseSerialGC", "-Xmx256m"), range));
  }
}
