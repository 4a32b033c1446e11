package io.kotangent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.aot.Provenance;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What graphs and networks are, as text.
class InspectTest {
  @TempDir private Path folder;
  private Example example;

  @BeforeEach
  void begin() {
    example = new Example(folder);
  }

  @Test
  void aSummaryByDefault() throws IOException {
    String net = """
          x: input f32[batch,4]
          w: param f32[4,3]
          b: param f32[3]
          y: result f32[batch,3]
          15 numbers in parameters and states
          7 nodes, 12*batch multiply-adds, 6*batch other operations
        """;
    assertEquals("graph net\n" + net, Ran.good("inspect", example.net()));
    String jar = Ran.good("inspect", example.jar());
    assertTrue(jar.startsWith("network org.example.Net, by kotangent "
        + Provenance.thisCompiler() + "\n  data: four columns\n"), jar);
    assertTrue(jar.endsWith("  all files are as they were made (SHA-256)\nmethod net\n" + net),
        jar);
  }

  @Test
  void theTextIsTheGraphAgain() throws IOException {
    Path again = example.text("again.txt", Ran.good("inspect", "--text", example.jar()));
    assertEquals("equal\n", Ran.good("diff", again, example.net()));
    assertEquals(Files.readString(again), Ran.good("inspect", "--text", example.net()));
  }

  @Test
  void plansAndKernelsOfANetworkAndOfItsGraphAreTheSame() throws IOException {
    String listing = Ran.good("inspect", "--listing", example.jar());
    assertTrue(listing.startsWith("program net(batch) {"), listing);
    assertTrue(listing.contains("// dense1 Net.java:12"), listing);
    String kernels = Ran.good("inspect", "--kernels", example.jar());
    assertTrue(kernels.startsWith("// kernel_"), kernels);
    assertTrue(kernels.contains("for (int "), kernels);
    assertEquals(listing + kernels, Ran.good("inspect", "--listing", "--kernels", example.net()));
  }

  @Test
  void flopsAreSymbolicOrNumbers() throws IOException {
    assertEquals("""
        multiply-adds  operations         bytes  net
             12*batch           0   28*batch+48  contract f32[batch,3]  ; dense1 Net.java:12
                    0           0   12*batch+12  broadcast f32[batch,3]
                    0     3*batch      36*batch  add f32[batch,3]  ; dense1 Net.java:12
                    0     3*batch      24*batch  tanh f32[batch,3]  ; Net.java:13
             12*batch     6*batch  100*batch+60  in all, node by node
                                    28*batch+60  at least, of inputs, parameters and results
        """, Ran.good("inspect", "--flops", example.net()));
    String numbers = Ran.good("inspect", "--flops", "--size", "batch=64", example.jar());
    assertTrue(numbers.contains("          768         384   6460  in all, node by node"), numbers);
    Ran.bad("--size n: net has no size of that name, only [batch]", "inspect", "--flops",
        "--size", "n=64", example.net());
    Ran.bad("--size batch=-1: expected a number from 0 to 2147483647", "inspect", "--flops",
        "--size", "batch=-1", example.net());
    Ran.bad("expected --size NAME=NUMBER, got 'batch'", "inspect", "--flops", "--size", "batch",
        example.net());
  }

  @Test
  void sizesAddUp() throws IOException {
    String sizes = Ran.good("inspect", "--sizes", example.jar());
    long sum = 0;
    long code = 0;
    for (String line : sizes.lines().toList()) {
      if (line.endsWith(".class") && line.charAt(8) != ' ') {
        sum += Long.parseLong(line.substring(0, 9).strip());
      }
      code += line.contains(" code in ") ? Long.parseLong(line.substring(0, 9).strip()) : 0;
    }
    assertEquals(code, sum);
    assertTrue(sizes.contains("  net([F)[F\n"), sizes);
    assertTrue(sizes.contains("  org/example/Net.safetensors\n"), sizes);
  }

  @Test
  void bytecodeIsReadable() throws IOException {
    String code = Ran.good("inspect", "--bytecode", example.jar());
    assertTrue(code.contains("public final class org/example/Net "), code.substring(0, 500));
    assertTrue(code.contains("public net([F)[F"), "the method is missing");
    assertTrue(code.contains("INVOKESTATIC java/lang/Math.fma (FFF)F"), "fma is missing");
  }

  @Test
  void provenanceIsPrintedAndChecked() throws IOException {
    Path jar = example.jar();
    String made = Ran.good("inspect", "--provenance", jar);
    assertTrue(made.startsWith("kotangent network 1\ncompiler "), made);
    assertTrue(made.contains("\nnote data four columns\n"), made);
    assertTrue(made.endsWith(" files are as they were made\n"), made);
    byte[] bytes = Files.readAllBytes(jar);
    int weights = indexOf(bytes, "\"dtype\":\"F32\"");
    bytes[weights + 120] ^= 1;
    Path changed = Files.write(example.file("changed.jar"), bytes);
    Ran ran = Ran.of("inspect", "--provenance", changed);
    assertEquals(1, ran.code());
    assertTrue(ran.err().startsWith(changed
        + ": error: org/example/Net.safetensors is not as it was made: its SHA-256 is "),
        ran.err());
    assertTrue(Ran.of("inspect", changed).out().contains("NOT AS IT WAS MADE"));
    Ran.bad("a graph has no provenance", "inspect", "--provenance", example.net());
  }

  private static int indexOf(byte[] bytes, String text) {
    return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf(text);
  }

  @Test
  void foldersHoldNetworksToo() throws IOException {
    Path classes = example.file("classes");
    for (String name : new String[] {"a.Net", "b.Net"}) {
      Ran.good("compile", example.net(), "--weights", example.weights(), "--class", name, "--to",
          classes);
    }
    Ran.bad("there are several networks, [a/Net.provenance, b/Net.provenance]: say which by"
        + " --class NAME", "inspect", classes);
    assertTrue(Ran.good("inspect", classes, "--class", "b.Net").startsWith("network b.Net, "));
    Files.writeString(classes.resolve("a/Net_more.class"), "");
    assertEquals(1, Ran.of("inspect", classes, "--class", "a.Net", "--provenance").code());
    Ran.bad("there is no network c.Net in it", "inspect", classes, "--class", "c.Net");
  }

  @Test
  void damagedAndOtherFilesAreRefused() throws IOException {
    byte[] jar = Files.readAllBytes(example.jar());
    for (int length : new int[] {2, 100, jar.length / 2, jar.length - 10}) {
      Path cut = Files.write(example.file("cut.jar"), Arrays.copyOf(jar, length));
      Ran.bad(cut + ": error: the network cannot be read", "inspect", cut);
    }
    Path other = Files.write(example.file("empty.jar"), new byte[0]);
    Ran.bad(other + ": error: the network cannot be read", "inspect", other);
    Path junit = example.file("junit.jar");
    try (InputStream in = Test.class.getProtectionDomain().getCodeSource().getLocation()
        .openStream()) {
      Files.copy(in, junit);
    }
    Ran.bad(junit + ": error: there is no network in it", "inspect", junit);
    byte[] broken = jar.clone();
    int head = indexOf(broken, "kotangent network 1");
    broken[head] = 'K';
    Path bad = Files.write(example.file("bad.jar"), broken);
    Ran.bad("Net.provenance: line 1: expected 'kotangent network 1'", "inspect", bad);
    broken = jar.clone();
    broken[indexOf(broken, "tanh")] = 'T';
    Path graph = Files.write(example.file("graph.jar"), broken);
    Ran.bad(graph + ", graph of method net:5:8: error: expected ", "inspect", graph);
    Ran.bad("none.jar: error: there is no such file", "inspect", example.file("none.jar"));
  }

  @Test
  void anyFlippedByteIsFoundOrHarmless() throws IOException {
    byte[] jar = Files.readAllBytes(example.jar());
    java.util.Random random = new java.util.Random(3);
    int found = 0;
    for (int i = 0; i < 150; i++) {
      byte[] flipped = jar.clone();
      flipped[random.nextInt(jar.length)] ^= (byte) (1 << random.nextInt(8));
      Path file = Files.write(example.file("flipped.jar"), flipped);
      Ran ran = Ran.of("inspect", "--provenance", file);
      assertTrue(ran.code() <= 2, ran.err());
      Ran code = Ran.of("inspect", "--sizes", "--bytecode", file);
      assertTrue(code.code() == 0 || code.code() == 2, code.err());
      found += ran.code() > 0 ? 1 : 0;
      if (ran.code() > 0) {
        assertTrue(Ran.of("run", file, "--input", "x=" + example.table()).code() == 2
            || ran.err().isEmpty(), ran.err());
      }
    }
    assertTrue(found > 100, found + " found");
  }

  @Test
  void wrongArgumentsAreRefused() throws IOException {
    Ran.bad("Missing required parameter: 'FILE'", "inspect");
    Ran.bad("Possible solutions: --flops", "inspect", example.net(), "--flop");
    Ran.bad("there is no method 'walk'", "inspect", example.jar(), "--method", "walk");
    Ran.bad("Missing required parameter for option '--method'", "inspect", example.jar(),
        "--method");
  }
}
