package io.kotangent.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.maven.Builds.Ran;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** The command that the Gradle tasks of {@code docs/build-plugin.md} make, with folders as Gradle has them. */
class GradleCommandTest {
  private static final String MODEL = "org/example/colors/model/";

  /** What a script puts in quotes, in its order. */
  private static List<String> quoted(String script) {
    List<String> quoted = new ArrayList<>();
    var texts = Pattern.compile("[\"'](--[a-z-]+|jdk\\..*?|io\\.kotangent\\.aot.*?)[\"']")
        .matcher(script);
    while (texts.find()) {
      quoted.add(texts.group(1));
    }
    return quoted;
  }

  @Test
  void runsAsTheScriptsSay() throws Exception {
    List<String> said = List.of("io.kotangent.aot.BuildNetworks", "--add-modules",
        "jdk.incubator.vector", "--from", "--classes", "--result");
    assertEquals(said, quoted(Builds.block("## Gradle", "kotlin")));
    assertEquals(said, quoted(Builds.block("## Gradle", "groovy")));

    Path build = Builds.folder("gradle").resolve("build");
    Path classes = Files.createDirectories(build.resolve("classes/java/main"));
    Path resources = build.resolve("resources/main");
    Path model = Builds.EXAMPLE.resolve("model/src/main");
    Builds.copy(model.resolve("resources").resolve(MODEL + "colors.csv"),
        resources.resolve(MODEL + "colors.csv"));
    String libraries = System.getProperty("java.class.path");
    assertEquals(0,
        ToolProvider.getSystemJavaCompiler().run(null, null, null, "-nowarn", "-cp", libraries,
            "-d", classes.toString(),
            model.resolve("java").resolve(MODEL + "ColorNameDefinition.java").toString()));
    Path written = build.resolve("networks/classes");
    List<String> command = List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), said.get(1),
        said.get(2), "-cp",
        classes + File.pathSeparator + resources + File.pathSeparator + libraries, said.get(0),
        "--from", classes.toString(), "--from", resources.toString(), "--classes",
        written.toString(), "--result", build.resolve("networks/result.txt").toString());
    Ran first = Builds.run(build, command);
    assertEquals(0, first.code(), first.text());
    assertTrue(first.text().contains("org.example.colors.ColorName is made from"), first.text());
    assertTrue(Files.exists(written.resolve("org/example/colors/ColorName.safetensors")));
    Builds.age(written);
    Ran second = Builds.run(build, command);
    assertTrue(second.text().contains("org.example.colors.ColorName is up to date"),
        second.text());
    assertEquals(Set.of(), Builds.young(written));
  }
}
