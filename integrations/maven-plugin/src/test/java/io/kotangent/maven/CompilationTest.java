package io.kotangent.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.tools.ToolProvider;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said when the compiler's process does not end as it should. */
class CompilationTest {
  @TempDir private Path folder;

  private Compilation compilation() {
    Path home = Path.of(System.getProperty("java.home"));
    Jdk25 jdk = new Jdk25(home, home.resolve("bin/java"), "");
    return new Compilation(jdk, List.of(), List.of(folder), List.of(folder), List.of(),
        folder.resolve("out"), Optional.empty(), folder.resolve("kotangent/a.txt"),
        folder.resolve("kotangent/a.args"));
  }

  /** A program instead of the compiler, whatever it does. */
  private void program(String body) throws IOException {
    Path source = Builds.write(folder.resolve("io/kotangent/aot/BuildNetworks.java"),
        "package io.kotangent.aot; public class BuildNetworks { "
            + "public static void main(String[] args) throws Throwable { " + body + " } }");
    assertEquals(0,
        ToolProvider.getSystemJavaCompiler().run(null, null, null, source.toString()));
  }

  @Test
  void aDefinitionThatEndsTheJvmMakesNothing() throws Exception {
    program("System.exit(0);");
    String said = assertThrows(MojoExecutionException.class,
        () -> compilation().run(new SystemStreamLog())).getMessage();
    assertTrue(said.contains("System.exit"), said);
    Builds.write(folder.resolve("kotangent/a.txt"), "kotangent-networks 1\nstamp old\nend\n");
    said = assertThrows(MojoExecutionException.class,
        () -> compilation().run(new SystemStreamLog())).getMessage();
    assertTrue(said.contains("System.exit"), said);
  }

  @Test
  void anErrorOfTheCompilerIsNotTakenForItsAbsence() throws Exception {
    program("throw new Error(\"no memory\");");
    String said = assertThrows(MojoFailureException.class,
        () -> compilation().run(new SystemStreamLog())).getMessage();
    assertTrue(said.contains("java.lang.Error: no memory"), said);
    assertFalse(said.contains("come without the compiler"), said);
    Files.delete(folder.resolve("io/kotangent/aot/BuildNetworks.class"));
    said = assertThrows(MojoExecutionException.class,
        () -> compilation().run(new SystemStreamLog())).getMessage();
    assertTrue(said.contains("come without the compiler"), said);
  }
}
