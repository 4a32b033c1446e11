package io.kotangent.aot;

import static io.kotangent.aot.DefinitionSources.good;
import static io.kotangent.aot.DefinitionSources.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.aot.DefinitionSources.Ran;
import io.kotangent.data.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Builds of networks that cannot go well: definitions that fail, names taken, files in the way, damaged results.
class BuildNetworksFaultsTest {
  @TempDir private Path folder;
  private DefinitionSources module;

  @BeforeEach
  void aModule() {
    module = new DefinitionSources(folder);
  }

  // ---- what fails

  @Test
  void aDefinitionThatFailsIsNamedAndTheOthersAreMade() throws Exception {
    module.two();
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
    assertArrayEquals(new float[] {22}, module.run("org.example.Twice", 1));
    assertArrayEquals(new float[] {3}, module.run("org.example.Thrice", 1)); // as it was
    assertTrue(BuildResult.read(module.result).errors().get("BDefinition").contains("no data"));
    module.without("BDefinition").compile();
    good(module.build());
    assertFalse(module.exists("org/example/Thrice.class"));
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
    module.source("Deep", "public class Deep " + head + "return network(); } }");
    module.source("Full", "public class Full " + head
        + "\nreturn network(new long[Integer.MAX_VALUE]); }\nio.kotangent.aot.Aot network("
        + "long[] all) { return null; } }");
    module.source("Odd", "public class Odd " + head + "\nthrow new Error(\"odd\"); } }").compile();
    Ran ran = module.build();
    refused(1, "Hidden cannot be made", ran);
    for (String part : List.of("Needy cannot be made", "expected a public class",
        "Nothing defines no network", "Throwing.java:2: Throwing failed", "not yet",
        "Early.java:3: Early failed: java.lang.ArithmeticException",
        "Reading.java:2: Reading failed: java.io.FileNotFoundException: weights",
        "Deep failed: java.lang.StackOverflowError",
        "Full.java:2: Full failed: java.lang.OutOfMemoryError",
        "Odd.java:2: Odd failed: java.lang.Error: odd")) {
      assertTrue(ran.err().contains(part), part + "\n" + ran.err());
    }
    assertEquals(9, BuildResult.read(module.result).errors().size());
  }

  @Test
  void twoNetworksOfOneNameAreRefused() throws Exception {
    module.times("ADefinition", "org.example.Twice", "2")
        .times("BDefinition", "org.example.TWICE", "3").compile();
    refused(1, "BDefinition makes org.example.TWICE with the file org/example/TWICE$",
        module.build());
    refused(1, ".class, which ADefinition makes, too", module.build());
    assertArrayEquals(new float[] {2}, module.run("org.example.Twice", 1));
    module.times("ADefinition", "org.example.TWICE", "2").without("BDefinition")
        .times("CDefinition", "org.example.Twice", "2").compile();
    assertEquals(1, module.build().code());
    module.without("CDefinition").compile();
    good(module.build());
    assertArrayEquals(new float[] {2}, module.run("org.example.TWICE", 1));
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
    module.two();
    good(module.build());
    module.times("ADefinition", "org.example.Twice", "22")
        .times("BDefinition", "other.Thrice", "33").compile();
    Files.writeString(module.classes.resolve("other"), "a file where a folder should be");
    refused(1, "nothing was changed", module.build());
    assertArrayEquals(new float[] {22}, module.run("org.example.Twice", 1));
    assertArrayEquals(new float[] {3}, module.run("org.example.Thrice", 1));
    Files.delete(module.classes.resolve("other"));
    good(module.build());
    assertArrayEquals(new float[] {33}, module.run("other.Thrice", 1));
    assertFalse(module.exists("org/example/Thrice.class"));
  }

  @Test
  void aBuildThatWasKilledIsFinishedByTheNext() throws Exception {
    module.two();
    good(module.build());
    String result = Files.readString(module.result);
    // as it stands while files are written: what was listed before, and no digest that could hold
    Files.writeString(module.result,
        result.replaceAll("inputs [0-9a-f]+", "inputs " + "0".repeat(64)));
    Files.delete(module.classes.resolve("org/example/Twice.class"));
    good(module.build());
    assertEquals(result, Files.readString(module.result));
    assertArrayEquals(new float[] {2}, module.run("org.example.Twice", 1));
  }

  @Test
  void wrongOptionsAreNamed() throws Exception {
    module.two();
    refused(2, "--classes is there twice", module.build("--classes", "x"));
    refused(2, "'--form': expected one of [--from, ", module.build("--form", "x"));
    refused(2, "'--stamp': expected one of", module.build("--stamp"));
    refused(2, "'--stamp': expected one of", module.build("--stamp", "a\nb"));
    refused(2, "--from is missing", module.run(List.of("--classes", "a", "--result", "b")));
    refused(2, "--result is missing: expected a file",
        module.run(List.of("--from", "c", "--classes", "a")));
    refused(2, "compile the module first",
        module.run(List.of("--from", folder.resolve("none").toString(),
            "--classes", "a", "--result", folder.resolve("r").toString())));
    Path broken = Files.writeString(folder.resolve("broken.jar"), "no jar");
    refused(2, "expected a folder of classes or a jar", module.build("--from", broken.toString()));
    Files.write(module.classes.resolve("Bad.class"), new byte[] {1, 2, 3, 4, 5});
    refused(2, "Bad.class in " + module.classes + " is no class file", module.build());
  }

  // ---- damaged results

  @Test
  void aDamagedResultIsRefusedAndNothingIsDeleted() throws Exception {
    module.two();
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
    assertTrue(module.exists("org/example/Thrice.class"));
    Files.writeString(module.result, right);
    good(module.build());
    assertFalse(module.exists("org/example/Thrice.class"));
  }

  @Test
  void everyTruncatedResultIsRefused() throws Exception {
    module.two();
    good(module.build());
    String right = Files.readString(module.result);
    for (int length = 0; length < right.length(); length++) {
      Files.writeString(module.result, right.substring(0, length));
      DataException e =
          assertThrows(DataException.class, () -> BuildResult.read(module.result));
      assertTrue(e.getMessage().contains("delete it together with that"), e.getMessage());
    }
  }
}
