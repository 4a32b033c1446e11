package io.kotangent.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.toolchain.Toolchain;
import org.apache.maven.toolchain.ToolchainManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which JDK the compiler runs on. */
class Jdk25SearchTest {
  @TempDir private Path folder;

  private record Tools(Path home) implements Toolchain {
    @Override
    public String getType() {
      return "jdk";
    }

    @Override
    public String findTool(String name) {
      return home.resolve("bin").resolve(name).toString();
    }
  }

  /** Has a toolchain for 25, and has selected another. */
  private record Toolchains(List<Toolchain> fitting, Toolchain selected)
      implements ToolchainManager {
    @Override
    public Toolchain getToolchainFromBuildContext(String type, MavenSession session) {
      return selected;
    }

    @Override
    public List<Toolchain> getToolchains(MavenSession session, String type,
        Map<String, String> requirements) {
      assertEquals(Map.of("version", "[25,26)"), requirements);
      return fitting;
    }
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = folder.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Path java = Files.writeString(home.resolve("bin/java"), "");
    assertTrue(java.toFile().setExecutable(true));
    Files.writeString(home.resolve("release"),
        "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\nMODULES=\"java.base\"\n");
    return home;
  }

  private static Path found(List<Toolchain> fitting, Toolchain selected, Path told)
      throws MojoExecutionException {
    return new Jdk25Search(new Toolchains(fitting, selected), null)
        .find(Optional.ofNullable(told).map(Path::toFile)).home();
  }

  @Test
  void isTheOneThatTheUserSays() throws Exception {
    Path told = jdk("told", "25");
    assertEquals(told, found(List.of(new Tools(jdk("other", "25.0.1"))), null, told));
    assertFalse(Jdk25.in(told).orElseThrow().hasVectors());
    Path wrong = jdk("wrong", "17.0.15");
    MojoExecutionException e =
        assertThrows(MojoExecutionException.class, () -> found(List.of(), null, wrong));
    assertEquals("the parameter jdk is " + wrong
        + ", which has Java 17.0.15: expected the folder of a JDK 25", e.getMessage());
  }

  @Test
  void isAToolchainOfThatVersionBeforeTheSelectedOne() throws Exception {
    Tools fitting = new Tools(jdk("fitting", "25.0.3"));
    Tools selected = new Tools(jdk("selected", "25"));
    assertEquals(fitting.home(), found(List.of(fitting), selected, null));
    assertEquals(selected.home(), found(List.of(), selected, null));
    assertEquals(selected.home(),
        found(List.of(new Tools(jdk("twentySix", "26"))), selected, null));
  }

  @Test
  void isNoFolderWithoutACommandOrADescription() throws IOException {
    Path home = jdk("damaged", "25");
    Files.delete(home.resolve("bin/java"));
    assertTrue(Jdk25.in(home).isEmpty());
    assertTrue(Jdk25.in(folder.resolve("missing")).isEmpty());
    assertTrue(Jdk25.in(jdk("old", "1.8.0_25")).isEmpty());
    assertTrue(Jdk25.in(jdk("later", "250")).isEmpty());
  }
}
