package io.kotangent.aot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.ir.Graph;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.StateLayout;
import io.kotangent.text.GraphParser;
import io.kotangent.type.KotangentException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/// The files of networks: what they refer to, that they are the same each time, and what is refused.
class AotFilesTest {
  private static final String DENSE = """
      graph dense(x: input f32[batch,3], k: input i32 in 0..2, w: param f32[3,2], n: state i64) {
        %0 = contract[ab,bc->ac] x, w     : f32[batch,2]
        %1 = exp %0                       : f32[batch,2]
        %2 = reduce.sum[axes=1] %1        : f32[batch]
        %3 = gather[axis=1] x, k          : f32[batch]
        %4 = constant[value=(1,2,3,4,5)]  : f32[5]
        %5 = constant[value=1]            : i64
        %6 = add n, %5                    : i64
        update n = %6
        return y=%1, total=%2, column=%3, constant=%4
      }
      """;

  @TempDir Path folder;

  private static Graph dense() {
    return GraphParser.parseOne(DENSE);
  }

  private static Aot aot(String name) {
    Graph graph = dense();
    ModelState state = ModelState.zeros(StateLayout.of(graph.ports()));
    state.set("w", new float[] {1, 2, 3, 4, 5, 6});
    return Aot.of(name).method("run", graph).weights(state);
  }

  // ---- references

  @Test
  void referToNothingButJava17() throws IOException {
    Map<String, byte[]> files = aot("a.b.Dense").files();
    Set<String> references = new TreeSet<>();
    files.forEach((name, bytes) -> {
      if (name.endsWith(".class")) {
        assertEquals(Opcodes.V17, new ClassReader(bytes).readUnsignedShort(6), name);
        references.addAll(References.of(bytes));
      }
    });
    references
        .removeIf(reference -> reference.startsWith("a/b/Dense") || reference.startsWith("["));
    assertTrue(references.size() > 40, references.toString());
    assertEquals(List.of(), references.stream().filter(r -> !r.startsWith("java/")).toList());
    assertEquals(List.of(), References.missingIn17(references));
  }

  // ---- the same each time

  @Test
  void areTheSameEachTime() throws IOException {
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    Path first = folder.resolve("first.jar");
    aot("a.b.Dense").to(first);
    byte[] expected = Files.readAllBytes(first);
    try {
      for (String tag : List.of("tr-TR", "ar-EG-u-nu-arab", "de-DE", "th-TH-u-ca-buddhist")) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        TimeZone.setDefault(TimeZone.getTimeZone(tag.startsWith("t") ? "GMT+12" : "GMT-11"));
        Path other = folder.resolve("other/" + tag + ".jar");
        aot("a.b.Dense").to(other);
        assertArrayEquals(expected, Files.readAllBytes(other));
      }
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }

  // ---- what is refused

  private static void refused(String part, Runnable use) {
    KotangentException e = assertThrows(KotangentException.class, use::run);
    assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
  }

  @Test
  void namesThatAreNoneInJavaAreRefused() {
    for (String name : List.of("", "a.", "1a", "a b", "a.class", "a..b", "a/b", "int")) {
      refused("cannot be the name of a class", () -> Aot.of(name));
    }
    refused("method new: its method 'new'",
        () -> Aot.of("A").method("new", empty("x", "y")).files());
    refused("its input 'class'", () -> Aot.of("A").method("m", empty("class", "y")).files());
    refused("its result 'int'", () -> Aot.of("A").method("m", empty("x", "int")).files());
    refused("the name of another parameter",
        () -> Aot.of("A").method("m", empty("x", "x")).files());
    refused("the name of another parameter",
        () -> Aot.of("A").method("m", empty("workspace", "y")).files());
    refused("its input 'n' has the name of another parameter, its size (the name of an axis",
        () -> Aot.of("A").method("m", GraphParser.parseOne(
            "graph g(n: input f32[n]) {\n  %0 = exp n : f32[n]\n  return y=%0\n}\n")).files());
    refused("two methods 'm'",
        () -> Aot.of("A").method("m", empty("x", "y")).method("m", empty("x", "y")));
    refused("no method", () -> Aot.of("A").files());
  }

  private static Graph empty(String input, String result) {
    return GraphParser.parseOne("graph g(" + input + ": input f32) {\n  %0 = exp " + input
        + " : f32\n  return " + result + "=%0\n}\n");
  }

  @Test
  void missingWeightsAreRefused() {
    refused("no values: give them by weights(state)",
        () -> Aot.of("A").method("m", dense()).files());
    ModelState other = ModelState.zeros(StateLayout.of(GraphParser.parseOne(
        DENSE.replace("w: param f32[3,2]", "w: param f32[3,4]").replace("[batch,2]", "[batch,4]"))
        .ports()));
    refused("'w'", () -> Aot.of("A").method("m", dense()).weights(other).files());
    ModelState none = ModelState.zeros(StateLayout.of(List.of()));
    refused("'w'", () -> Aot.of("A").method("m", dense()).weights(none).files());
  }

  @Test
  void nothingIsHalfWritten() throws IOException {
    refused("an empty path", () -> aot("A").to(Path.of("")));
    refused("an empty path", () -> aot("A").sourceTo(Path.of("")));
    Path file = folder.resolve("file");
    Files.writeString(file, "kept");
    refused("nothing was changed", () -> aot("A").to(file.resolve("a.jar")));
    refused("nothing was changed", () -> aot("A").to(file.resolve("classes")));
    Path jar = folder.resolve("taken.jar");
    Files.createDirectories(jar.resolve("full"));
    refused("nothing was changed", () -> aot("A").to(jar));
    Path classes = folder.resolve("classes");
    Files.createDirectories(classes.resolve("A.class/full"));
    refused("nothing was changed", () -> aot("A").to(classes));
    try (var left = Files.walk(folder)) {
      assertFalse(left.anyMatch(path -> path.toString().endsWith(".tmp")));
    }
    assertEquals("kept", Files.readString(file));
    assertEquals(List.of("A.class"), names(classes));
  }

  private static List<String> names(Path of) throws IOException {
    try (var all = Files.list(of)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
