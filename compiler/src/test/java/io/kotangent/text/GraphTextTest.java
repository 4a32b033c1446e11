package io.kotangent.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.data.NamedTensor;
import io.kotangent.data.SafeTensors;
import io.kotangent.ir.EveryOp;
import io.kotangent.ir.Graph;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Literal;
import io.kotangent.ir.Node;
import io.kotangent.ir.Origin;
import io.kotangent.pass.Dump;
import io.kotangent.type.DType;
import io.kotangent.type.KotangentException;
import io.kotangent.type.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Printed graphs read back with all their constants, from files and from texts of their own; what is shown of nodes and graphs
/// says what a failing test needs.
class GraphTextTest {
  private static final long[] BITS =
      {0, 1L << 63, 1L << 31, 0x7ff0000000000000L, 0x7ff8000000000000L,
          0x7ff8000000000001L, 0xfff8dead00000001L, 0x7fc00000L, 0x7fc00001L, 0xffc0beefL,
          0x7f800000L, 1};

  @TempDir private Path folder;

  /// Constants of that many elements of every type, with all kinds of numbers.
  private static Graph constants(int length) {
    SplittableRandom random = new SplittableRandom(length);
    GraphBuilder builder = new GraphBuilder();
    List<Graph.Result> results = new ArrayList<>();
    for (DType dtype : DType.values()) {
      Object array = dtype.newArray(length);
      for (int i = 0; i < length; i++) {
        long bits = i < BITS.length ? BITS[i] : random.nextLong();
        switch (array) {
          case float[] a -> a[i] = Float.intBitsToFloat((int) bits);
          case double[] a -> a[i] = Double.longBitsToDouble(bits);
          case int[] a -> a[i] = (int) bits;
          case long[] a -> a[i] = bits;
          default -> ((boolean[]) array)[i] = bits % 2 != 0;
        }
      }
      results.add(new Graph.Result(dtype.toString(),
          builder.constant(Literal.of(TensorType.of(dtype, 1, length), array))));
    }
    return builder.graph("constants", List.of(), results);
  }

  @Test
  void constantsOfAnyLengthReadBack() throws IOException {
    for (int length : new int[] {0, 1, 8, 9, 100, 5000}) {
      Graph graph = constants(length);
      assertEquals(graph, GraphParser.parseOne(GraphPrinter.whole(graph)));
      Path file = folder.resolve("constants" + length + ".ir");
      GraphText text = GraphPrinter.text(List.of(graph));
      text.write(file);
      assertEquals(text, GraphText.read(file));
      assertEquals(graph, GraphParser.parseOne(file));
      assertEquals(GraphPrinter.print(graph), Files.readString(file));
    }
  }

  @Test
  void constantsThatAreNotThereAreNamed() throws IOException {
    Path file = folder.resolve("constants.ir");
    GraphPrinter.text(List.of(constants(9))).write(file);
    List<Path> beside;
    try (Stream<Path> files = Files.list(folder)) {
      beside = files.filter(f -> f.toString().endsWith(".safetensors")).sorted().toList();
    }
    assertEquals(5, beside.size());
    Files.copy(beside.get(0), beside.get(1), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThrows(KotangentException.class, () -> GraphParser.parseOne(file));
    Files.delete(beside.get(1));
    assertTrue(assertThrows(KotangentException.class, () -> GraphParser.parseOne(file))
        .getMessage().contains(beside.get(1).getFileName().toString()));
    assertThrows(KotangentException.class, () -> GraphText.read(folder.resolve("none.ir")));
  }

  @Test
  void constantsThatAreBrokenOrOthersAreWrittenAgain() throws IOException {
    Path file = folder.resolve("constants.ir");
    Graph graph = constants(9);
    GraphText text = GraphPrinter.text(List.of(graph));
    text.write(file);
    byte[] other = Files.readAllBytes(
        folder.resolve(text.constants().keySet().iterator().next() + ".safetensors"));
    for (String digest : text.constants().keySet()) {
      Path constant = folder.resolve(digest + ".safetensors");
      byte[] good = Files.readAllBytes(constant);
      for (byte[] bad : List.of(new byte[0], java.util.Arrays.copyOf(good, good.length - 1), other,
          SafeTensors.bytes(Map.of(), List.of()), SafeTensors.bytes(Map.of(), List.of(
              new NamedTensor("constant", TensorType.scalar(DType.F32), new float[1]))))) {
        Files.write(constant, bad);
        text.write(file);
        assertEquals(graph, GraphParser.parseOne(file));
      }
      var before = Files.getLastModifiedTime(constant);
      text.write(file);
      assertEquals(before, Files.getLastModifiedTime(constant), "what is right stays");
    }
    Path taken = folder.resolve(text.constants().keySet().iterator().next() + ".safetensors");
    Files.delete(taken);
    Files.createDirectory(taken);
    assertThrows(KotangentException.class, () -> text.write(file));
  }

  @Test
  void aTextThatCannotBeWrittenLeavesTheOldOne() throws IOException {
    Path file = folder.resolve("old.ir");
    GraphText old = GraphPrinter.text(List.of(constants(3)));
    old.write(file);
    for (String bad : List.of("\ud800", old.text() + "\udfff", "x".repeat(100_000) + "\ud800")) {
      assertThrows(KotangentException.class, () -> new GraphText(bad, Map.of()).write(file));
      assertEquals(old.text(), Files.readString(file));
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of("old.ir"),
          files.map(f -> f.getFileName().toString()).toList(), "nothing is left behind");
    }
    // a file is replaced, never written over: a disk that is full in the midst leaves the old one
    Path same = Files.createLink(folder.resolve("same.ir"), file);
    GraphPrinter.text(List.of(constants(4))).write(file);
    assertEquals(old.text(), Files.readString(same));
    Files.write(file, new byte[] {'g', (byte) 0xff});
    assertThrows(KotangentException.class, () -> GraphParser.parseOne(file));
  }

  @Test @EnabledOnOs(OS.LINUX) @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void onlyRegularFilesAreTexts() throws Exception {
    Path pipe = folder.resolve("pipe.ir");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    GraphText text = GraphPrinter.text(List.of(constants(3)));
    for (Path file : List.of(pipe, folder, Path.of("/dev/zero"), folder.resolve("none/x.ir"))) {
      assertThrows(KotangentException.class, () -> GraphParser.parseOne(file));
      assertThrows(KotangentException.class, () -> text.write(file));
    }
  }

  @Test
  void dumpsReadBack() {
    Graph graph = constants(20);
    new Dump(Set.of(Dump.Stage.GRAPH), folder, "*").of("constants").graph("traced", graph);
    assertEquals(graph, GraphParser.parseOne(folder.resolve("constants/00-traced.ir")));
  }

  @Test
  void nodesShowTheirLine() {
    Graph graph = EveryOp.graph("n", "f64");
    for (Node node : graph.schedule()) {
      String shown = node.toString();
      assertTrue(shown.contains(node.valueType().toString()), shown);
      assertTrue(shown.length() < 200 && !shown.contains("\n"), shown);
    }
    GraphBuilder builder = new GraphBuilder();
    Map<Node, Node> copies = builder.copy(graph);
    Node x = copies.get(graph.input("x"));
    builder.at(new Origin("layer", "Model.java:5"));
    Node slice = builder.add(new io.kotangent.ir.Op.Slice(List.of(io.kotangent.type.Dim.ONE),
        List.of(io.kotangent.type.Dim.symbol("n")), List.of(2)), x);
    assertEquals("x: input f64[n]", x.toString());
    assertEquals("%" + slice.id() + " = slice[starts=1, limits=n, strides=2] x : f64[ceil(n-1,2)]"
        + "  ; layer Model.java:5", slice.toString());
  }

  @Test
  void graphsShowThemselvesWithinBounds() {
    assertEquals("""
        graph g(x: input f64[n]) {
          require n >= 1
          %2 = slice[starts=0, limits=1] x : f64[1]
          %1 = constant[value=2.0] : f64
          return y=%2, two=%1
        }""", GraphParser.parseOne("""
        graph g(x: input f64[n]) {
          require n >= 1
          %0 = constant[value=2] : f64
          %1 = slice[starts=0, limits=1] x : f64[1]
          return y=%1, two=%0
        }
        """).toString());
    StringBuilder text = new StringBuilder("graph g(x: input f64) {\n");
    for (int i = 0; i < 5000; i++) {
      text.append("  %").append(i).append(" = sin ").append(i == 0 ? "x" : "%" + (i - 1))
          .append(" : f64\n");
    }
    String shown = GraphParser.parseOne(text + "  return y=%4999\n}\n").toString();
    assertTrue(shown.contains("… 4800 more\n  return y=%5000\n}"), shown);
    assertFalse(shown.length() > 10_000, shown);
  }
}
