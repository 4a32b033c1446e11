package io.kotangent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two graphs, compared.
class DiffTest {
  @TempDir private Path folder;
  private Example example;

  @BeforeEach
  void begin() {
    example = new Example(folder);
  }

  @Test
  void equalGraphsAreEqualWhateverTheirNames() throws IOException {
    Path net = example.net();
    assertEquals("equal\n", Ran.good("diff", net, net));
    assertEquals("equal\n", Ran.good("diff", net, example.jar()));
    Path other = example.text("other.txt", Example.NET.replace("return y", "return scores"));
    assertEquals("equal up to names\nname result y is scores\n", Ran.good("diff", net, other));
  }

  @Test
  void differencesAreListed() throws IOException {
    Path net = example.net();
    Path other = example.text("other.txt", Example.NET.replace("tanh", "exp"));
    Ran ran = Ran.of("diff", net, other);
    assertEquals(1, ran.code());
    assertEquals("", ran.err());
    assertEquals("""
        1 difference
        result y:
          - %3 = tanh %2 : f32[batch,3]  ; Net.java:13
          + %3 = exp %2 : f32[batch,3]  ; Net.java:13
        """, ran.out());
  }

  @Test
  void networksAreComparedMethodByMethod() throws IOException {
    Path other = example.text("other.txt", Example.NET.replace("tanh", "exp"));
    Path two = example.file("two.jar");
    Ran.good("compile", example.net(), "more=" + other, "--weights", example.weights(), "--class",
        "Net", "--to", two);
    assertEquals("method net: equal\nmethod more: equal\n", Ran.good("diff", two, two));
    Ran ran = Ran.of("diff", two, example.jar());
    assertEquals(1, ran.code());
    assertEquals("method net: equal\nmethod more: only in " + two + "\n", ran.out());
    assertEquals("equal\n", Ran.good("diff", two, example.jar(), "--method", "net"));
    assertTrue(Ran.of("diff", two, other, "--method", "more").out().startsWith("equal"));
  }

  @Test
  void wrongArgumentsAreRefused() throws IOException {
    Path net = example.net();
    Ran.bad("Missing required parameter: 'B'", "diff", net);
    Ran.bad("Unmatched argument", "diff", net, net, net);
    Ran.bad("none.txt: error: there is no such file", "diff", net, example.file("none.txt"));
    Ran.bad(folder + ": error: there is no network in it", "diff", net, folder);
    Ran.bad("there is no method 'walk': expected one of [net]", "diff", example.jar(), net,
        "--method", "walk");
    Ran.bad("Possible solutions: --method", "diff", net, net, "--metod", "net");
  }
}
