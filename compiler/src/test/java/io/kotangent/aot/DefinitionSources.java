package io.kotangent.aot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.tools.ToolProvider;

/// A module with definitions in a folder, whose networks a test builds as a build does.
final class DefinitionSources {
  /// What a run printed.
  record Ran(int code, String out, String err) {
  }

  final Path folder;
  final Path classes;
  final Path result;
  final Path library;
  private final Map<String, String> sources = new LinkedHashMap<>();

  DefinitionSources(Path folder) {
    this.folder = folder;
    this.classes = folder.resolve("classes");
    this.library = folder.resolve("library.jar");
    this.result = folder.resolve("kotangent/networks.txt");
  }

  /// A definition of a network that multiplies by a number.
  DefinitionSources times(String definition, String network, String number) {
    return source(definition, "public class " + definition
        + " implements io.kotangent.aot.NetworkDefinition {\n"
        + "  public io.kotangent.aot.Aot network() {\n"
        + "    return Graphs.times(\"" + network + "\", " + number + ");\n  }\n}\n");
  }

  DefinitionSources source(String type, String text) {
    sources.put(type, text);
    return this;
  }

  DefinitionSources without(String type) {
    sources.remove(type);
    return this;
  }

  DefinitionSources resource(String name, String text) throws IOException {
    Files.createDirectories(classes);
    Files.writeString(classes.resolve(name), text);
    return this;
  }

  /// Compiles all, as a build that removes classes whose source is gone.
  DefinitionSources compile() throws IOException {
    sources.putIfAbsent("Graphs", """
        final class Graphs {
          static io.kotangent.aot.Aot times(String network, Object number) {
            return io.kotangent.aot.Aot.of(network).method("run",
                io.kotangent.text.GraphParser.parseOne("graph g(x: input f32[n]) {\\n"
                    + "  %0 = constant[value=" + number + "] : f32\\n"
                    + "  %1 = broadcast[dims=(), to=n] %0 : f32[n]\\n"
                    + "  %2 = mul x, %1 : f32[n]\\n  return y=%2\\n}\\n"));
          }
        }
        """);
    Path java = Files.createDirectories(folder.resolve("java"));
    for (Path old : files(java)) {
      Files.delete(old);
    }
    Files.createDirectories(classes);
    for (Path old : files(classes)) {
      if (old.getParent().equals(classes) && old.toString().endsWith(".class")) {
        Files.delete(old);
      }
    }
    List<String> arguments = new ArrayList<>(List.of("-nowarn", "-g", "-cp",
        System.getProperty("java.class.path"), "-d", classes.toString()));
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = java.resolve(source.getKey() + ".java");
      Files.writeString(file, source.getValue());
      arguments.add(file.toString());
    }
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, messages, messages,
        arguments.toArray(String[]::new)), messages::toString);
    return this;
  }

  /// Builds into the module's own folder.
  Ran build(String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--from", classes.toString(), "--classes",
        classes.toString(), "--result", result.toString()));
    arguments.addAll(Arrays.asList(more));
    return run(arguments);
  }

  Ran run(List<String> arguments) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
      int code =
          BuildNetworks.run(arguments, List.of(classes.toString(), library.toString()), loader,
              new PrintStream(out, true, StandardCharsets.UTF_8),
              new PrintStream(err, true, StandardCharsets.UTF_8));
      return new Ran(code, out.toString(StandardCharsets.UTF_8),
          err.toString(StandardCharsets.UTF_8));
    }
  }

  /// Makes all files old.
  void age() throws IOException {
    for (Path file : files(folder)) {
      Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
    }
  }

  /// Names of the files that are not old.
  Set<String> young() throws IOException {
    Set<String> young = new TreeSet<>();
    for (Path file : files(folder)) {
      if (Files.getLastModifiedTime(file).toMillis() != 1_000_000_000_000L) {
        young.add(folder.relativize(file).toString());
      }
    }
    return young;
  }

  static List<Path> files(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (var all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /// What a run printed, which went well.
  static Ran good(Ran ran) {
    assertEquals(0, ran.code(), ran.out() + ran.err());
    assertEquals("", ran.err());
    return ran;
  }

  /// A run ended with that code, and its first message has that part.
  static void refused(int code, String part, Ran ran) {
    assertEquals(code, ran.code(), ran.out() + ran.err());
    assertTrue(ran.err().startsWith("error: ") && ran.err().contains(part), ran.err());
  }

  /// What a network makes of numbers, without this library.
  float[] run(String network, float... x) throws Exception {
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()},
        ClassLoader.getPlatformClassLoader())) {
      Class<?> type = loader.loadClass(network);
      Object made = type.getMethod("load").invoke(null);
      return (float[]) type.getMethod("run", float[].class).invoke(made, (Object) x);
    }
  }

  /// Whether there is such a file in the folder of classes.
  boolean exists(String path) {
    return Files.exists(classes.resolve(path));
  }

  /// Two definitions, compiled.
  DefinitionSources two() throws IOException {
    return times("ADefinition", "org.example.Twice", "2")
        .times("BDefinition", "org.example.Thrice", "3").compile();
  }
}
