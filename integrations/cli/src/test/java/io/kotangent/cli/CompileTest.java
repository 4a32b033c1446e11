package io.kotangent.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.aot.Aot;
import io.kotangent.aot.Provenance;
import io.kotangent.data.SafeTensors;
import io.kotangent.ir.Graph;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.StateLayout;
import io.kotangent.text.GraphParser;
import io.kotangent.text.GraphPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Graph texts become networks.
class CompileTest {
  @TempDir private Path folder;
  private Example example;

  @BeforeEach
  void begin() {
    example = new Example(folder);
  }

  @Test
  void makesTheNetworkThatAotMakes() throws IOException {
    Path jar = example.jar();
    Graph graph = GraphParser.parseOne(Example.NET);
    ModelState state = ModelState.zeros(StateLayout.of(graph.ports()));
    for (String name : List.of("w", "b")) {
      state.set(name, SafeTensors.read(example.weights()).tensor(name).values());
    }
    Path other = example.file("other.jar");
    Aot.of("org.example.Net").method("net", graph).weights(state).note("data", "four columns")
        .to(other);
    assertArrayEquals(Files.readAllBytes(other), Files.readAllBytes(jar));
    Ran.good("compile", example.net(), "--weights", example.weights(), "--class",
        "org.example.Net", "--to", example.file("classes"));
    assertTrue(Files.exists(example.file("classes/org/example/Net.class")));
    Ran.good("compile", example.net(), "--weights", example.weights(), "--class",
        "org.example.Net", "--source", example.file("source"));
    assertTrue(Files.readString(example.file("source/org/example/Net.java"))
        .contains("float[] net("));
    assertTrue(Files.exists(example.file("source/org/example/Net.safetensors")));
  }

  @Test
  void optionsAreThoseOfTheCompiler() throws IOException {
    Ran.good("compile", "predict=" + example.net(), example.net(), "--weights",
        example.weights(), "--class", "Net", "--to", example.file("a.jar"), "--no-fma",
        "--relaxed", "--no-stabilize", "--without", "FuseElementwise,ShareBuffers", "--note",
        "a=b = c", "--note", "d=e");
    Provenance made = ((Subject.OfNetwork) Subject.read(example.file("a.jar"),
        java.util.Optional.empty())).provenance();
    assertEquals(Set.of("predict", "net"), made.methods().keySet());
    assertFalse(made.fma());
    assertFalse(made.stabilize());
    assertTrue(made.relaxed());
    assertEquals(Set.of("FuseElementwise", "ShareBuffers"), made.without());
    assertEquals(Map.of("a", "b = c", "d", "e"), made.notes());
  }

  @Test
  void simdCodeIsAnOption() throws IOException {
    Ran.good("compile", example.net(), "--weights", example.weights(), "--class", "Net", "--to",
        example.file("s.jar"), "--simd", "256");
    assertEquals(256, ((Subject.OfNetwork) Subject.read(example.file("s.jar"),
        java.util.Optional.empty())).provenance().simd());
    assertTrue(Ran.good("inspect", example.file("s.jar").toString())
        .contains("with SIMD code of 256 bits"));
  }

  @Test
  void longConstantsAreFoundBesideTheText() throws IOException {
    String text = """
        graph g(x: input f32[9]) {
          %0 = constant[value=(1,2,3,4,5,6,7,8,9)] : f32[9]
          %1 = add x, %0 : f32[9]
          return y=%1
        }
        """;
    Graph graph = GraphParser.parseOne(text.replace(",2,", ",2.5,"));
    GraphPrinter.text(List.of(graph)).write(example.file("g.txt"));
    assertTrue(Files.readString(example.file("g.txt")).contains("digest="));
    Ran.good("compile", example.file("g.txt"), "--class", "G", "--to", example.file("g.jar"));
    assertEquals("equal\n", Ran.good("diff", example.file("g.txt"), example.file("g.jar")));
    try (var files = Files.list(folder)) {
      Files.delete(files.filter(file -> file.toString().endsWith(".safetensors")).findFirst()
          .orElseThrow());
    }
    Ran.bad(".safetensors", "compile", example.file("g.txt"), "--class", "G", "--to",
        example.file("h.jar"));
    assertFalse(Files.exists(example.file("h.jar")));
  }

  @Test
  void errorsInTextsNameLineAndColumnAndShowThem() throws IOException {
    Path bad = example.text("bad.txt", Example.NET.replace("tanh %2", "tahn %2"));
    Ran ran = Ran.of("compile", bad, "--class", "Net", "--to", example.file("a.jar"));
    String[] lines = ran.err().split("\n");
    assertTrue(lines[0].startsWith(bad + ":5:8: error: expected "), ran.err());
    assertTrue(lines[0].endsWith("got 'tahn'"), ran.err());
    assertEquals("  %3 = tahn %2                     : f32[batch,3]  ; Net.java:13", lines[1]);
    assertEquals("       ^", lines[2]);
    assertEquals(3, lines.length);
    assertEquals(2, ran.code());
    Path cut = example.text("cut.txt", Example.NET.substring(0, 60));
    assertTrue(Ran.of("compile", cut, "--class", "Net", "--to", example.file("a.jar")).err()
        .startsWith(cut + ":1:61: error: "));
    Path type = example.text("type.txt", Example.NET.replace("add %0, %1", "add %0, x "));
    assertTrue(Ran.of("compile", type, "--class", "Net", "--to", example.file("a.jar")).err()
        .startsWith(type + ":4:"));
    Path two = example.text("two.txt", Example.NET + Example.NET.replace("graph net", "graph b"));
    Ran.bad(two + ": error: expected one graph and its bodies", "compile", two, "--class", "Net",
        "--to", example.file("a.jar"));
    Path empty = example.text("empty.txt", "");
    Ran.bad(empty + ":1:1: error: expected 'graph'", "compile", empty, "--class", "Net", "--to",
        example.file("a.jar"));
  }

  @Test
  void filesThatAreNotThereOrOfAnotherKindAreRefused() throws IOException {
    Path net = example.net();
    Path jar = example.file("a.jar");
    Path none = example.file("none.txt");
    Ran.bad(none + ": error: there is no such file", "compile", none, "--class", "Net", "--to",
        jar);
    Ran.bad(folder + ": error: expected a file, got a folder", "compile", folder, "--class", "Net",
        "--to", jar);
    Ran.bad("not UTF-8", "compile", Files.write(example.file("x.bin"), new byte[] {-1, -2}),
        "--class", "Net", "--to", jar);
    Ran.bad("but no values for them: give a file, --weights", "compile", net, "--class", "Net",
        "--to", jar);
    Ran.bad("none.safetensors: error: there is no such file", "compile", net, "--weights",
        example.file("none.safetensors"), "--class", "Net", "--to", jar);
    Ran.bad("safetensors file " + net, "compile", net, "--weights", net, "--class", "Net", "--to",
        jar);
    Path weights = example.weights(new float[2]);
    Ran.bad(weights + ": error: tensor 'b' is f32[2], expected f32[3]", "compile", net,
        "--weights", weights, "--class", "Net", "--to", jar);
    Path more = example.text("more.txt", Example.NET.replace("b: param", "bias: param")
        .replace("] b :", "] bias :"));
    Ran.bad(weights + ": error: there is no tensor 'bias', expected f32[3]", "compile", more,
        "--weights", weights, "--class", "Net", "--to", jar);
    byte[] bytes = Files.readAllBytes(example.weights());
    Files.write(weights, java.util.Arrays.copyOf(bytes, bytes.length - 3));
    Ran.bad("safetensors file " + weights, "compile", net, "--weights", weights, "--class", "Net",
        "--to", jar);
    assertFalse(Files.exists(jar));
  }

  @Test
  void namesAndPlacesThatCannotBeAreRefused() throws IOException {
    Path net = example.net();
    Path weights = example.weights();
    for (String name : List.of("1a", "a b", "a.class", "java.Net", "State")) {
      Ran.bad("'" + name + "' cannot be the name of a", "compile", net, "--weights", weights,
          "--class", name, "--to", example.file("a.jar"));
    }
    Ran.bad("two graphs would be the method 'net'", "compile", net, net, "--weights", weights,
        "--class", "Net", "--to", example.file("a.jar"));
    Ran.bad("a method cannot be called 'load'", "compile", "load=" + net, "--weights", weights,
        "--class", "Net", "--to", example.file("a.jar"));
    Ran.bad("nothing was changed", "compile", net, "--weights", weights, "--class", "Net", "--to",
        net.resolve("a.jar"));
    Files.createDirectories(example.file("taken.jar/full"));
    Ran.bad("nothing was changed", "compile", net, "--weights", weights, "--class", "Net", "--to",
        example.file("taken.jar"));
    Ran.bad("cannot skip [Nonsense]", "compile", net, "--weights", weights, "--class", "Net",
        "--to", example.file("a.jar"), "--without", "Nonsense");
    Ran.bad("expected --note KEY=TEXT, got 'x'", "compile", net, "--weights", weights, "--class",
        "Net", "--to", example.file("a.jar"), "--note", "x");
    Ran.bad("the note 'a b'", "compile", net, "--weights", weights, "--class", "Net", "--to",
        example.file("a.jar"), "--note", "a b=x");
    assertFalse(Files.exists(example.file("a.jar")));
  }

  @Test
  void wrongArgumentsAreRefused() throws IOException {
    Path net = example.net();
    Ran.bad("Missing required option: '--class=NAME'", "compile", net, "--to", "a.jar");
    Ran.bad("expected one of --to PATH and --source FOLDER", "compile", net, "--class", "Net");
    Ran.bad("expected one of --to PATH and --source FOLDER", "compile", net, "--class", "Net",
        "--to", "a.jar", "--source",
        "b");
    Ran.bad("GRAPH", "compile", "--class", "Net", "--to", "a.jar");
    Ran.bad("Possible solutions: --weights", "compile", net, "--weight", "w", "--class", "Net",
        "--to", "a.jar");
    assertFalse(Files.exists(Path.of("a.jar")));
  }
}
