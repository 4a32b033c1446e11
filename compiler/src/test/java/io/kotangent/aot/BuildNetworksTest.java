package io.kotangent.aot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.aot.DefinitionSources.Ran;
import io.kotangent.data.DataException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
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

  private static Ran good(Ran ran) {
    assertEquals(0, ran.code(), ran.out() + ran.err());
    assertEquals("", ran.err());
    return ran;
  }

  private static void refused(int code, String part, Ran ran) {
    assertEquals(code, ran.code(), ran.out() + ran.err());
    assertTrue(ran.err().startsWith("error: ") && ran.err().contains(part), ran.err());
  }

  private float[] run(String network, float... x) throws Exception {
    try (URLClassLoader loader = new URLClassLoader(new URL[] {module.classes.toUri().toURL()},
        ClassLoader.getPlatformClassLoader())) {
      Class<?> type = loader.loadClass(network);
      Object made = type.getMethod("load").invoke(null);
      return (float[]) type.getMethod("run", float[].class).invoke(made, (Object) x);
    }
  }

  private boolean exists(String path) {
    return Files.exists(module.classes.resolve(path));
  }

  private DefinitionSources two() throws IOException {
    return module.times("ADefinition", "org.example.Twice", "2")
        .times("BDefinition", "org.example.Thrice", "3").compile();
  }

  // ---- which classes define networks

  @Test
  void everyDefinitionBecomesANetwork() throws Exception {
    two();
    String out = good(module.build()).out();
    assertTrue(out.contains("org.example.Twice is made from ADefinition: "), out);
    assertArrayEquals(new float[] {2, 4}, run("org.example.Twice", 1, 2));
    assertArrayEquals(new float[] {3, 6}, run("org.example.Thrice", 1, 2));
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
    assertArrayEquals(new float[] {5}, run("a.Five", 1));
  }

  @Test
  void aJarIsReadLikeAFolder() throws Exception {
    two();
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
    two();
    good(module.build("--definition", "A*"));
    assertTrue(exists("org/example/Twice.class"));
    assertFalse(exists("org/example/Thrice.class"));
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
    two().resource("weights.txt", "1");
    good(module.build());
    module.age();
    String out = good(module.build()).out();
    assertEquals("org.example.Twice is up to date\norg.example.Thrice is up to date\n",
        out.replace("\r", ""));
    assertEquals(Set.of("kotangent/networks.txt"), module.young());
  }

  @Test
  void aChangedDefinitionMakesItsOwnClassesAgain() throws Exception {
    two();
    good(module.build());
    module.times("BDefinition", "org.example.Thrice", "4").compile();
    module.age();
    good(module.build());
    Set<String> young = module.young();
    assertTrue(young.remove("kotangent/networks.txt"));
    assertTrue(young.contains("classes/org/example/Thrice.class"), young.toString());
    assertEquals(List.of(),
        young.stream().filter(name -> !name.startsWith("classes/org/example/Thrice")).toList());
    assertArrayEquals(new float[] {4}, run("org.example.Thrice", 1));
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
    assertArrayEquals(new float[] {8}, run("a.Seven", 1));
  }

  @Test
  void resourcesLibrariesAndOptionsBelongToAll() throws Exception {
    two().resource("data.csv", "1");
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
    two();
    good(module.build());
    byte[] right = Files.readAllBytes(module.classes.resolve("org/example/Twice.class"));
    Files.write(module.classes.resolve("org/example/Twice.class"), new byte[9]);
    Files.delete(module.classes.resolve("org/example/Thrice_kernels.class"));
    assertFalse(good(module.build()).out().contains("up to date"));
    assertArrayEquals(right, Files.readAllBytes(module.classes.resolve("org/example/Twice.class")));
    assertArrayEquals(new float[] {3}, run("org.example.Thrice", 1));
  }

  @Test
  void theStampIsKeptWhenAllIsWell() throws Exception {
    two();
    good(module.build("--stamp", "a b"));
    assertEquals("a b", BuildResult.read(module.result).stamp().orElseThrow());
    module.times("BDefinition", "1x", "3").compile();
    refused(1, "'1x' cannot be the name of a class", module.build("--stamp", "c"));
    assertTrue(BuildResult.read(module.result).stamp().isEmpty());
  }

  // ---- what goes away

  @Test
  void whatLostItsDefinitionIsRemovedAndNothingElse() throws Exception {
    two();
    good(module.build());
    Files.writeString(module.classes.resolve("org/example/Mine.class.txt"), "kept");
    module.without("BDefinition").compile();
    String out = good(module.build()).out();
    assertTrue(out.contains("org.example.Thrice is removed: its definition BDefinition is gone"));
    assertFalse(exists("org/example/Thrice.class"));
    assertFalse(exists("org/example/Thrice_kernels.class"));
    assertTrue(exists("org/example/Twice.class"));
    assertTrue(exists("org/example/Mine.class.txt"));
    Files.delete(module.classes.resolve("org/example/Mine.class.txt"));
    module.without("ADefinition").compile();
    good(module.build());
    assertFalse(exists("org"));
  }

  @Test
  void aNetworkWithAnotherNameLeavesNothingOfTheOld() throws Exception {
    two();
    good(module.build());
    module.times("BDefinition", "org.other.Thrice", "3").compile();
    good(module.build());
    assertFalse(exists("org/example/Thrice.class"));
    assertArrayEquals(new float[] {3}, run("org.other.Thrice", 1));
  }

  // ---- what fails

  @Test
  void aDefinitionThatFailsIsNamedAndTheOthersAreMade() throws Exception {
    two();
    good(module.build());
    module.source("BDefinition", """
        public class BDefinition implements io.kotangent.aot.NetworkDefinition {
          public io.kotangent.aot.Aot network() {
            throw new IllegalStateException("no data");
          }
        }
        """).times("ADefinition", "org.example.Twice", "22").compile();
    Ran ran = module.build();
    refused(1, "error: BDefinition.java:3: BDefinition failed: java.lang.IllegalStateException: "
        + "no data\n", new Ran(ran.code(), ran.out(), ran.err().replace("\r", "")));
    assertArrayEquals(new float[] {22}, run("org.example.Twice", 1));
    assertArrayEquals(new float[] {3}, run("org.example.Thrice", 1)); // as it was
    assertTrue(BuildResult.read(module.result).errors().get("BDefinition").contains("no data"));
    module.without("BDefinition").compile();
    good(module.build());
    assertFalse(exists("org/example/Thrice.class"));
  }

  @Test
  void whatCannotBeMadeIsNamed() throws Exception {
    String head = "implements io.kotangent.aot.NetworkDefinition { public io.kotangent.aot.Aot "
        + "network() throws java.io.IOException { ";
    String nothing = head + "return null; } ";
    module.source("Hidden", "class Hidden " + nothing + "}");
    module.source("Needy", "public class Needy " + nothing + "public Needy(int size) {} }");
    module.source("Nothing", "public class Nothing " + nothing + "}");
    module.source("Throwing", "public class Throwing " + nothing
        + "\npublic Throwing() { throw new UnsupportedOperationException(\"not yet\"); } }");
    module.source("Early", "public class Early " + nothing
        + "\nstatic int zero = 0;\nstatic int bad = 1 / zero; }");
    module.source("Reading", "public class Reading " + head
        + "\nthrow new java.io.FileNotFoundException(\"weights\"); } }");
    module.source("Deep", "public class Deep " + head + "return network(); } }").compile();
    Ran ran = module.build();
    refused(1, "Hidden cannot be made", ran);
    for (String part : List.of("Needy cannot be made", "expected a public class",
        "Nothing defines no network", "Throwing.java:2: Throwing failed", "not yet",
        "Early.java:3: Early failed: java.lang.ArithmeticException",
        "Reading.java:2: Reading failed: java.io.FileNotFoundException: weights",
        "Deep failed: java.lang.StackOverflowError")) {
      assertTrue(ran.err().contains(part), part + "\n" + ran.err());
    }
    assertEquals(7, BuildResult.read(module.result).errors().size());
  }

  @Test
  void twoNetworksOfOneNameAreRefused() throws Exception {
    module.times("ADefinition", "org.example.Twice", "2")
        .times("BDefinition", "org.example.TWICE", "3").compile();
    refused(1, "BDefinition makes org.example.TWICE with the file org/example/TWICE$", module.build());
    refused(1, ".class, which ADefinition makes, too", module.build());
    assertArrayEquals(new float[] {2}, run("org.example.Twice", 1));
    module.times("ADefinition", "org.example.TWICE", "2").without("BDefinition")
        .times("CDefinition", "org.example.Twice", "2").compile();
    assertEquals(1, module.build().code());
    module.without("CDefinition").compile();
    good(module.build());
    assertArrayEquals(new float[] {2}, run("org.example.TWICE", 1));
  }

  @Test
  void classesOfTheModuleAreNotOverwritten() throws Exception {
    module.times("ADefinition", "Graphs", "2").compile();
    byte[] before = Files.readAllBytes(module.classes.resolve("Graphs.class"));
    refused(1, "would overwrite", module.build());
    assertArrayEquals(before, Files.readAllBytes(module.classes.resolve("Graphs.class")));
  }

  @Test
  void whatCannotBeWrittenIsNotHalfWritten() throws Exception {
    two();
    good(module.build());
    module.times("ADefinition", "org.example.Twice", "22")
        .times("BDefinition", "other.Thrice", "33").compile();
    Files.writeString(module.classes.resolve("other"), "a file where a folder should be");
    refused(1, "nothing was changed", module.build());
    assertArrayEquals(new float[] {22}, run("org.example.Twice", 1));
    assertArrayEquals(new float[] {3}, run("org.example.Thrice", 1));
    Files.delete(module.classes.resolve("other"));
    good(module.build());
    assertArrayEquals(new float[] {33}, run("other.Thrice", 1));
    assertFalse(exists("org/example/Thrice.class"));
  }

  @Test
  void aBuildThatWasKilledIsFinishedByTheNext() throws Exception {
    two();
    good(module.build());
    String result = Files.readString(module.result);
    // as it stands while files are written: what was listed before, and no digest that could hold
    Files.writeString(module.result,
        result.replaceAll("inputs [0-9a-f]+", "inputs " + "0".repeat(64)));
    Files.delete(module.classes.resolve("org/example/Twice.class"));
    good(module.build());
    assertEquals(result, Files.readString(module.result));
    assertArrayEquals(new float[] {2}, run("org.example.Twice", 1));
  }

  @Test
  void wrongOptionsAreNamed() throws Exception {
    two();
    refused(2, "--classes is there twice", module.build("--classes", "x"));
    refused(2, "'--form': expected one of [--from, ", module.build("--form", "x"));
    refused(2, "'--stamp': expected one of", module.build("--stamp"));
    refused(2, "'--stamp': expected one of", module.build("--stamp", "a\nb"));
    refused(2, "--from is missing", module.run(List.of("--classes", "a", "--result", "b")));
    refused(2, "--result is missing: expected a file",
        module.run(List.of("--from", "c", "--classes", "a")));
    refused(2, "cannot be read", module.run(List.of("--from", folder.resolve("none").toString(),
        "--classes", "a", "--result", folder.resolve("r").toString())));
    Files.write(module.classes.resolve("Bad.class"), new byte[] {1, 2, 3, 4, 5});
    refused(2, "Bad.class in " + module.classes + " is no class file", module.build());
  }

  // ---- damaged results

  @Test
  void aDamagedResultIsRefusedAndNothingIsDeleted() throws Exception {
    two();
    good(module.build());
    String right = Files.readString(module.result);
    module.without("BDefinition").compile();
    List<String> damaged = new ArrayList<>(List.of("", "kotangent-networks 2\nend\n",
        right.replace("\nend\n", "\n"), right + "x", right.replace("inputs ", "input "),
        right.replaceFirst("definition .*\n", ""), right.replace("definition B", "definition A"),
        right.replaceFirst("inputs .*\n", ""), right.replaceFirst("inputs .", "inputs x")));
    for (String path : List.of("../../outside.class", "/etc/x.class", "a/../../b.class",
        "a//b.class", "C:\\x.class", "c:x.class", "./x.class", "important.txt")) {
      damaged.add(right.replaceFirst("classes ([0-9a-f]+) .*", "classes $1 "
          + path.replace("\\", "\\\\")));
    }
    Set<Path> files = new TreeSet<>(DefinitionSources.files(folder));
    for (String text : damaged) {
      Files.writeString(module.result, text);
      refused(2, "delete it together with that", module.build());
      assertEquals(files, new TreeSet<>(DefinitionSources.files(folder)));
    }
    Files.write(module.result, new byte[] {(byte) 0xff});
    refused(2, "not UTF-8", module.build());
    assertTrue(exists("org/example/Thrice.class"));
    Files.writeString(module.result, right);
    good(module.build());
    assertFalse(exists("org/example/Thrice.class"));
  }

  @Test
  void everyTruncatedResultIsRefused() throws Exception {
    two();
    good(module.build());
    String right = Files.readString(module.result);
    for (int length = 0; length < right.length(); length++) {
      Files.writeString(module.result, right.substring(0, length));
      DataException e =
          assertThrows(DataException.class, () -> BuildResult.read(module.result));
      assertTrue(e.getMessage().contains("delete it together with that"), e.getMessage());
    }
  }

  // ---- the command itself

  @Test
  void theProgramRunsInAJvmOfItsOwn() throws Exception {
    two();
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
