package io.kotangent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.aot.Jvms;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The runnable jar, started as its users start it.
class RunnableJarIT {
  private static final Path JAR = Path.of(System.getProperty("kotangent.jar"));

  @TempDir private Path folder;

  private Ran run(Path java, Object... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(java.toString(), "-jar", JAR.toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Path err = folder.resolve("err.txt");
    Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), out, Files.readString(err));
  }

  @Test
  void runsByItself() throws IOException, InterruptedException {
    Path java = Jvms.all().getFirst();
    Example example = new Example(folder);
    Path jar = folder.resolve("net.jar");
    assertEquals(new Ran(0, "", ""), run(java, "compile", example.net(), "--weights",
        example.weights(), "--class", "org.example.Net", "--to", jar));
    Ran byJar = run(java, "run", jar, "--input", "x=" + example.table());
    assertEquals(new Ran(0, Ran.good("run", jar, "--input", "x=" + example.table()), ""), byJar);
    Ran byGraph = run(java, "run", example.net(), "--weights", example.weights(), "--input",
        "x=" + example.table());
    assertEquals(byJar, byGraph);
    Ran checked = run(java, "inspect", "--provenance", jar);
    assertEquals(0, checked.code(), checked.err());
    assertTrue(checked.out().matches("(?s).*\ncompiler [0-9]+\\.[0-9]+\\.[0-9]+.*"),
        checked.out());
    Ran bytecode = run(java, "inspect", "--bytecode", "--sizes", "--flops", jar);
    assertEquals("", bytecode.err());
    assertEquals(0, bytecode.code());
    Ran wrong = run(java, "run", jar);
    assertEquals(2, wrong.code());
    assertTrue(wrong.err().contains("is missing"), wrong.err());
    assertEquals(2, run(java).code());
  }

  @Test
  void onJava17SaysWhichJavaIsNeeded() throws IOException, InterruptedException {
    Optional<Path> java17 = Jvms.java17();
    if (java17.isEmpty()) {
      System.out.println("NO JAVA 17 ON THIS MACHINE: the message is not tried");
      return;
    }
    Ran ran = run(java17.get(), "--help");
    assertEquals(2, ran.code());
    assertEquals("", ran.out());
    assertTrue(ran.err().startsWith(
        "kotangent: error: needs Java 25 or later, but this is Java 17."), ran.err());
    assertEquals(2, ran.err().lines().count(), ran.err());
  }

  @Test
  void hasItsLicensesAndNothingTwice() throws IOException {
    try (ZipFile zip = new ZipFile(JAR.toFile())) {
      for (String name : List.of("META-INF/LICENSE", "META-INF/NOTICE",
          "META-INF/licenses/asm.txt", "META-INF/licenses/fastcsv.txt")) {
        assertTrue(zip.getEntry(name) != null, name);
      }
      String license = new String(zip.getInputStream(zip.getEntry("META-INF/LICENSE"))
          .readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(license.contains("Apache License"), license);
      assertEquals(zip.size(), zip.stream().map(entry -> entry.getName()).distinct().count());
      try (DataInputStream launcher = new DataInputStream(
          zip.getInputStream(zip.getEntry("io/kotangent/cli/Kotangent.class")))) {
        launcher.readInt();
        launcher.readUnsignedShort();
        assertEquals(61, launcher.readUnsignedShort());
      }
    }
  }
}
