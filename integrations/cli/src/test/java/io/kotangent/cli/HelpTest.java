package io.kotangent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.aot.Provenance;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// What the command line says of itself.
class HelpTest {
  private static String golden(String name) throws IOException {
    try (InputStream in = HelpTest.class.getResourceAsStream("/help/" + name + ".txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void everyHelpIsAsItWasRead() throws IOException {
    assertEquals(golden("kotangent"), Ran.good("--help"));
    for (String command : new String[] {"compile", "inspect", "run", "diff"}) {
      assertEquals(golden(command), Ran.good(command, "--help"));
    }
  }

  @Test
  void theVersionIsThatOfTheCompiler() {
    assertTrue(Ran.good("--version").startsWith("kotangent " + Provenance.thisCompiler()
        + ", on Java " + Runtime.version()));
  }

  @Test
  void unknownCommandsAndOptionsAreToldOfTheirLikes() {
    Ran.bad("expected a command: compile, inspect, run or diff");
    Ran.bad("Did you mean: kotangent inspect?", "inspct");
    Ran.bad("Try 'kotangent --help'.", "--nonsense");
    for (String command : new String[] {"compile", "inspect", "run", "diff"}) {
      Ran.bad("Possible solutions: --help", command, "--hepl", "a", "b", "--class=A");
    }
  }
}
