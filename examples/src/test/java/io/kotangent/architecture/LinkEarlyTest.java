package io.kotangent.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kotangent.bytecode.Compiler;
import io.kotangent.dsl.Model;
import io.kotangent.runtime.Program;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.CodeModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `LinkEarly`, a step of the build: what it makes of classes does what they did, and ours went through it.
class LinkEarlyTest {
  private static final Path TOOL =
      Sources.ROOT.resolve("compiler/src/build/java/LinkEarly.java");
  private static final Path SAMPLE =
      Sources.ROOT.resolve("examples/src/test/resources/early/Sample.java.txt");

  @TempDir private Path folder;

  @Test
  void whatIsRewrittenDoesWhatItDid() throws Exception {
    compile(Files.readString(SAMPLE));
    List<String> before = run();
    assertFalse(linkedLate(folder).isEmpty());

    rewrite();

    assertEquals(Map.of(), linkedLate(folder));
    assertEquals(List.of(), unverifiable(folder));
    List<String> after = run();
    for (int i = 0; i < before.size(); i++) {
      assertEquals(before.get(i), after.get(i));
    }
    assertEquals(71, before.size());
    assertEquals(71, after.size());
  }

  @Test
  void aStackTraceNamesTheLinesOfTheSource() throws Exception {
    compile("""
        import java.util.function.IntUnaryOperator;
        class Sample {
          static Object run() {
            int zero = 0;
            IntUnaryOperator divide =
                x -> x / zero;
            try {
              return divide.applyAsInt(3);
            } catch (ArithmeticException e) {
              var text = new StringBuilder();
              for (var frame : e.getStackTrace()) {
                if (frame.getFileName() != null && frame.getFileName().equals("Sample.java")) {
                  text.append(frame).append(' ');
                }
              }
              return java.util.List.of(text.toString());
            }
          }
        }
        """);
    rewrite();

    assertEquals("[Sample.lambda$run$0(Sample.java:6) "
        + "Sample$$IntUnaryOperator.applyAsInt(Sample.java:5) Sample.run(Sample.java:8) ]",
        run().toString());
  }

  @Test
  void aSecondTimeChangesNothingAndWhatIsStaleGoes() throws Exception {
    compile(Files.readString(SAMPLE));
    rewrite();
    Map<String, byte[]> once = classes(folder);
    rewrite();
    Map<String, byte[]> twice = classes(folder);
    assertEquals(once.keySet(), twice.keySet());
    once.forEach((name, bytes) -> assertArrayEquals(bytes, twice.get(name), name));
    assertTrue(once.containsKey("Sample$$Supplier.class"), () -> once.keySet().toString());

    compile("class Sample { static Object run() { Runnable r = () -> {}; return r; } }");
    rewrite();
    assertFalse(Files.exists(folder.resolve("Sample$$Supplier.class")));
    assertTrue(Files.exists(folder.resolve("Sample$$java_lang_Runnable.class")));
  }

  /// A lambda that needs linking in the compiler is a millisecond of everybody's first step.
  @Test
  void ourClassesWereRewritten() throws Exception {
    assumeTrue("maven".equals(System.getProperty("kotangent.built.by")),
        "only Maven's build rewrites");
    for (Class<?> type : List.of(Program.class, Compiler.class, Model.class)) {
      Path place = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(place)) {
        check(place);
      } else {
        try (FileSystem jar = FileSystems.newFileSystem(place)) {
          check(jar.getPath("/"));
        }
      }
    }
  }

  private static void check(Path root) throws IOException {
    assertTrue(classes(root).keySet().stream().anyMatch(name -> name.contains("$$")));
    assertEquals(Map.of(), linkedLate(root));
    assertEquals(List.of(), unverifiable(root));
  }

  /// Classes with an `invokedynamic`, but for a record's `toString`.
  private static Map<String, String> linkedLate(Path root) throws IOException {
    Map<String, String> found = new TreeMap<>();
    classes(root).forEach((name, bytes) -> ClassFile.of().parse(bytes).methods().stream()
        .flatMap(method -> method.code().stream()).flatMap(CodeModel::elementStream)
        .forEach(element -> {
          if (element instanceof InvokeDynamicInstruction call
              && !call.bootstrapMethod().owner().displayName().equals("ObjectMethods")) {
            found.put(name, call.toString());
          } else if (element instanceof InvokeDynamicInstruction call
              && !call.name().equalsString("toString")) {
                found.put(name, call.toString());
              }
        }));
    return found;
  }

  private static List<String> unverifiable(Path root) throws IOException {
    Map<String, byte[]> classes = classes(root);
    ClassFile verifier = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
        ClassHierarchyResolver.ofResourceParsing(type -> {
          String name = type.descriptorString();
          byte[] bytes = classes.get(name.substring(1, name.length() - 1) + ".class");
          return bytes == null ? null : new java.io.ByteArrayInputStream(bytes);
        }).orElse(ClassHierarchyResolver.defaultResolver())));
    List<String> errors = new ArrayList<>();
    classes.forEach((name, bytes) -> verifier.verify(bytes)
        .forEach(error -> errors.add(name + ": " + error.getMessage())));
    return errors;
  }

  private static Map<String, byte[]> classes(Path root) throws IOException {
    Map<String, byte[]> found = new TreeMap<>();
    try (var walk = Files.walk(root)) {
      for (Path file : walk.filter(f -> f.toString().endsWith(".class")).toList()) {
        found.put(root.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
      }
    }
    found.keySet().removeIf(name -> name.endsWith("module-info.class"));
    return found;
  }

  private void compile(String source) throws IOException {
    Path file = Files.writeString(folder.resolve("Sample.java"), source);
    assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-proc:none", "-g",
        "-XDstringConcat=inline", "-d", folder.toString(), file.toString()));
  }

  private void rewrite() throws IOException, InterruptedException {
    Process process = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1", "-cp", folder.toString(), TOOL.toString(), folder.toString())
        .redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    assertEquals("", output);
  }

  /// What the sample says of itself.
  private List<String> run() throws Exception {
    try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
      var method = loader.loadClass("Sample").getDeclaredMethod("run");
      method.setAccessible(true);
      return ((List<?>) method.invoke(null)).stream().map(String::valueOf).toList();
    } catch (InvocationTargetException e) {
      throw new AssertionError(e.getCause());
    }
  }
}
