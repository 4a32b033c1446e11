package io.kotangent.aot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Jars of networks in images that `jlink` made of `java.base` alone: the bits of the programs in process.
class AotImageTest {
  private static final int GRAPHS = 20;

  @TempDir Path folder;

  @Test
  void anImageOfJavaBaseGivesTheBitsOfThePrograms() throws Exception {
    Path calls = folder.resolve("calls");
    List<String> classPath = new ArrayList<>();
    try (ObjectOutputStream out = new ObjectOutputStream(Files.newOutputStream(calls))) {
      for (int seed = 0; seed < GRAPHS; seed++) {
        Path jar = folder.resolve("net" + seed + ".jar");
        AotTest.one(seed, jar, folder.resolve("sources"), folder.resolve("simd"), out);
        classPath.add(jar.toString());
      }
    }
    AotTest.compile(List.of(AotTest.probe(folder)), folder);
    classPath.add(folder.toString());
    int tried = 0;
    for (Path java : Jvms.all()) {
      Path home = Objects.requireNonNull(java.toRealPath().getParent()).resolveSibling("");
      Path image = folder.resolve("image" + tried);
      if (isMade(home, image)) {
        tried++;
        assertEquals("java.base",
            said(image.resolve("bin/java"), "--list-modules").strip().replaceAll("@.*", ""));
        String said = said(image.resolve("bin/java"), "-cp",
            String.join(File.pathSeparator, classPath), "Probe", calls.toString());
        assertTrue(said.strip().endsWith("calls " + 2 * GRAPHS + ", different 0"), said);
      }
    }
    assumeTrue(tried > 0, "no JDK here can make an image: networks are not tried in one");
  }

  /// Whether that JDK can make an image; if not, says why.
  private static boolean isMade(Path home, Path image) throws Exception {
    Path jlink = home.resolve("bin/jlink");
    if (!Files.exists(jlink)) {
      System.out.println("NO JLINK IN " + home + ": networks are not tried in its image");
      return false;
    }
    Process process = new ProcessBuilder(jlink.toString(), "--add-modules", "java.base",
        "--output", image.toString()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    boolean made = process.waitFor() == 0;
    boolean lacksModules = !made && said.contains("java.base");
    assertTrue(made || lacksModules, said);
    if (lacksModules) {
      System.out.println("NO MODULES TO LINK IN " + home + ": networks are not tried in its image: "
          + said.strip());
    }
    return made;
  }

  private static String said(Path java, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(java.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }
}
