package io.kotangent.aot;

import static io.kotangent.aot.DefinitionSources.good;
import static io.kotangent.aot.DefinitionSources.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Networks made by a build: which classes define them, what is made again, what goes away, what is refused.
class BuildNetworksTest {
  @TempDir private Path folder;
  private DefinitionSources module;

  @BeforeEach
  void aModule() {
    module = new DefinitionSources(folder);
  }

  // ---- which classes define networks

  @Test
  void everyDefinitionBecomesANetwork() throws Exception {
    module.two();
    String out = good(module.build()).out();
    assertTrue(out.contains("org.example.Twice is made from ADefinition: "), out);
    assertArrayEquals(new float[] {2, 4}, module.run("org.example.Twice", 1, 2));
    assertArrayEquals(new float[] {3, 6}, module.run("org.example.Thrice", 1, 2));
  }

  @Test
  void definitionsAreFoundThroughWhatTheyExtend() throws Exception {
    module.source("Base", """
        public abstract class Base implements Mine {
          public io.kotangent.aot.Aot network() { return Graphs.times(name(), 5); }
          abstract String name();
        }
        interface Mine extends io.kotangent.aot.NetworkDefinition {}
        """);
    module.source("Outer", """
        public class Outer {
          public static class Inner extends Base { String name() { return "a.Five"; } }
          Base unnamed() { return new Base() { String name() { return "a.Six"; } }; }
          io.kotangent.aot.NetworkDefinition lambda() { return () -> null; }
          Object local() { class Local extends Base { String name() { return "a.Seven"; } } return new Local(); }
        }
        """);
    module.source("Single", """
        public final class Single extends Base {
          public static final Single INSTANCE = new Single();
          private Single() {}
          String name() { return "a.Eight"; }
        }
        """).compile();
    good(module.build());
    assertEquals(Set.of("a.Five", "a.Eight"), new TreeSet<>(BuildResult.read(module.result)
        .made().values().stream().map(BuildResult.Made::network).toList()));
    assertArrayEquals(new float[] {5}, module.run("a.Five", 1));
  }

  @Test
  void aJarIsReadLikeAFolder() throws Exception {
    module.two();
    Path jar = folder.resolve("module.jar");
    var contents = new java.util.TreeMap<String, byte[]>();
    Contents.visit(module.classes, (name, in) -> contents.put(name, in.readAllBytes()));
    Files.write(jar, Output.jar(contents));
    List<String> arguments = List.of("--from", jar.toString(), "--classes",
        folder.resolve("out").toString(), "--result", module.result.toString());
    assertTrue(good(module.run(arguments)).out().contains("Twice is made"));
    assertTrue(Files.exists(folder.resolve("out/org/example/Twice.class")));
    assertTrue(good(module.run(arguments)).out().contains("Twice is up to date"));
  }

  @Test
  void onlyTheDefinitionsAskedForAreTaken() throws Exception {
    module.two();
    good(module.build("--definition", "A*"));
    assertTrue(module.exists("org/example/Twice.class"));
    assertFalse(module.exists("org/example/Thrice.class"));
    refused(2, "no definition is called 'C*'; there are [ADefinition, BDefinition]",
        module.build("--definition", "C*"));
    refused(2, "'Graphs'; that class does not implement", module.build("--definition", "Graphs"));
  }

  @Test
  void aModuleWithoutDefinitionsIsSaidToHaveNone() throws Exception {
    module.compile();
    assertTrue(good(module.build()).out().contains("no public class in"));
  }

  // ---- what is made again

  @Test
  void whatIsUpToDateIsLeftAlone() throws Exception {
    module.two().resource("weights.txt", "1");
    good(module.build());
    module.age();
    String out = good(module.build()).out();
    assertEquals("org.example.Twice is up to date\norg.example.Thrice is up to date\n",
        out.replace("\r", ""));
    assertEquals(Set.of("kotangent/networks.txt"), module.young());
  }

  @Test
  void aChangedDefinitionMakesItsOwnClassesAgain() throws Exception {
    module.two();
    good(module.build());
    module.times("BDefinition", "org.example.Thrice", "4").compile();
    module.age();
    good(module.build());
    Set<String> young = module.young();
    assertTrue(young.remove("kotangent/networks.txt"));
    assertTrue(young.contains("classes/org/example/Thrice.class"), young.toString());
    assertEquals(List.of(),
        young.stream().filter(name -> !name.startsWith("classes/org/example/Thrice")).toList());
    assertArrayEquals(new float[] {4}, module.run("org.example.Thrice", 1));
  }

  @Test
  void whatADefinitionMentionsIsPartOfIt() throws Exception {
    module.source("Number", "class Number { static Object value() { return 7; } }");
    module.source("ByName", "class ByName { static Object value() throws Exception {"
        + " return Class.forName(\"Number\").getDeclaredMethod(\"value\").invoke(null); } }");
    module.source("Safe", "class Safe { static Object value() { try { return ByName.value(); }"
        + " catch (Exception e) { throw new IllegalStateException(e); } } }");
    module.times("ADefinition", "a.Seven", "Safe.value()");
    module.times("BDefinition", "a.Other", "1").compile();
    good(module.build());
    module.source("Number", "class Number { static Object value() { return 8; } }").compile();
    String out = good(module.build()).out();
    assertTrue(out.contains("a.Seven is made") && out.contains("a.Other is up to date"), out);
    assertArrayEquals(new float[] {8}, module.run("a.Seven", 1));
  }

  @Test
  void resourcesLibrariesAndOptionsBelongToAll() throws Exception {
    module.two().resource("data.csv", "1");
    good(module.build());
    module.resource("data.csv", "2");
    assertFalse(good(module.build()).out().contains("up to date"));
    Files.writeString(module.library, "another version");
    assertFalse(good(module.build()).out().contains("up to date"));
    String source = folder.resolve("source").toString();
    assertFalse(good(module.build("--source", source)).out().contains("up to date"));
    String facade = Files.readString(folder.resolve("source/org/example/Twice.java"));
    assertTrue(facade.contains("public float[] run(float[] x)"), facade);
    assertEquals(2, DefinitionSources.files(folder.resolve("source")).size());
    assertTrue(good(module.build("--source", source)).out().contains("Twice is up to date"));
    good(module.build("--source", source, "--definition", "A*"));
    assertEquals(1, DefinitionSources.files(folder.resolve("source")).size());
  }

  @Test
  void whatSomebodyChangedOrDeletedIsMadeAgain() throws Exception {
    module.two();
    good(module.build());
    byte[] right = Files.readAllBytes(module.classes.resolve("org/example/Twice.class"));
    Files.write(module.classes.resolve("org/example/Twice.class"), new byte[9]);
    Files.delete(module.classes.resolve("org/example/Thrice_kernels.class"));
    assertFalse(good(module.build()).out().contains("up to date"));
    assertArrayEquals(right, Files.readAllBytes(module.classes.resolve("org/example/Twice.class")));
    assertArrayEquals(new float[] {3}, module.run("org.example.Thrice", 1));
  }

  @Test
  void theStampIsKeptWhenAllIsWell() throws Exception {
    module.two();
    good(module.build("--stamp", "a b"));
    assertEquals("a b", BuildResult.read(module.result).stamp().orElseThrow());
    module.times("BDefinition", "1x", "3").compile();
    refused(1, "'1x' cannot be the name of a class", module.build("--stamp", "c"));
    assertTrue(BuildResult.read(module.result).stamp().isEmpty());
  }

  // ---- what goes away

  @Test
  void whatLostItsDefinitionIsRemovedAndNothingElse() throws Exception {
    module.two();
    good(module.build());
    Files.writeString(module.classes.resolve("org/example/Mine.class.txt"), "kept");
    module.without("BDefinition").compile();
    String out = good(module.build()).out();
    assertTrue(out.contains("org.example.Thrice is removed: its definition BDefinition is gone"));
    assertFalse(module.exists("org/example/Thrice.class"));
    assertFalse(module.exists("org/example/Thrice_kernels.class"));
    assertTrue(module.exists("org/example/Twice.class"));
    assertTrue(module.exists("org/example/Mine.class.txt"));
    Files.delete(module.classes.resolve("org/example/Mine.class.txt"));
    module.without("ADefinition").compile();
    good(module.build());
    assertFalse(module.exists("org"));
  }

  @Test
  void aNetworkWithAnotherNameLeavesNothingOfTheOld() throws Exception {
    module.two();
    good(module.build());
    module.times("BDefinition", "org.other.Thrice", "3").compile();
    good(module.build());
    assertFalse(module.exists("org/example/Thrice.class"));
    assertArrayEquals(new float[] {3}, module.run("org.other.Thrice", 1));
  }

  // ---- the command itself

  @Test
  void theProgramRunsInAJvmOfItsOwn() throws Exception {
    module.two();
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command = List.of(java.toString(), "--add-modules", "jdk.incubator.vector", "-cp",
        module.classes + File.pathSeparator + System.getProperty("java.class.path"),
        "io.kotangent.aot.BuildNetworks", "--from", module.classes.toString(), "--classes",
        folder.resolve("networks").toString(), "--result", module.result.toString());
    assertTrue(output(command).contains("org.example.Twice is made from ADefinition"));
    assertTrue(output(command).contains("org.example.Twice is up to date"));
    List<String> other = new ArrayList<>(command);
    other.add(1, "-Dseed=1");
    assertTrue(output(other).contains("org.example.Twice is made"), "arguments of the JVM");
  }

  private static String output(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text;
    try (var in = process.getInputStream()) {
      text = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertEquals(0, process.waitFor(), text);
    return text;
  }
}
