package io.kotangent.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.maven.Builds.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The projects of {@code docs/build-plugin.md}, built by Maven: at first, again, changed, and broken. */
class MavenBuildTest {
  private static final String MODEL = "src/main/java/org/example/colors/model/";
  private static final String TEXT_COLOR = MODEL + "TextColorDefinition.java";

  private static Path project() throws IOException {
    Path project = Builds.folder("colors");
    Builds.write(project.resolve("pom.xml"), Builds.block("`pom.xml`:", "xml")
        .replace("<module>app</module>", "<module>app</module>\n    <module>one</module>"));
    for (String module : List.of("model", "app", "one")) {
      Builds.write(project.resolve(module + "/pom.xml"),
          Builds.block("`" + module + "/pom.xml`:", "xml"));
    }
    for (String file : List.of(TEXT_COLOR, MODEL + "ColorNameDefinition.java",
        "src/main/resources/org/example/colors/model/colors.csv")) {
      Builds.copy(Builds.EXAMPLE.resolve("model").resolve(file),
          project.resolve("model").resolve(file));
    }
    Builds.copy(Builds.EXAMPLE.resolve("model").resolve(TEXT_COLOR),
        project.resolve("one").resolve(TEXT_COLOR));
    String palette = "app/src/main/java/org/example/colors/Palette.java";
    Builds.copy(Builds.EXAMPLE.resolve(palette), project.resolve(palette));
    return project;
  }

  private static void good(Ran ran) {
    assertEquals(0, ran.code(), ran.text());
  }

  private static void says(String part, Ran ran) {
    assertTrue(ran.text().contains(part), part + "\n" + ran.text());
  }

  /** The files of networks that were written, by the first words of their names. */
  private static Set<String> written(Path classes) throws IOException {
    Set<String> written = new TreeSet<>();
    for (String file : Builds.young(classes)) {
      String name = Path.of(file).getFileName().toString();
      if (!name.startsWith("Palette")) {
        written.add(name.split("[$_.]")[0]);
      }
    }
    return written;
  }

  @Test
  void networksAreMadeWhenTheyChange() throws Exception {
    Path repository = Builds.repository();
    Path project = project();
    Path app = project.resolve("app/target/classes");
    Path one = project.resolve("one/target/classes");
    Ran first = Builds.maven(project, repository, "package");
    good(first);
    says("org.example.colors.ColorName is made from", first);
    assertEquals(Set.of("TextColor", "ColorName"), written(app));
    assertTrue(Files.exists(one.resolve("org/example/colors/TextColor.class")));
    runs(project.resolve("app/target/colors-app-1.jar"));

    Builds.age(project);
    Ran second = Builds.maven(project, repository, "package");
    good(second);
    assertEquals(3, second.text().split("Networks are up to date", -1).length, second.text());
    assertFalse(second.text().contains("Compiling networks"), second.text());
    assertEquals(Set.of(), Builds.young(app));
    assertEquals(Set.of(), Builds.young(one));

    change(project.resolve("model"), "new Hidden(8)", "new Hidden(6)");
    Ran third = Builds.maven(project, repository, "package");
    good(third);
    says("org.example.colors.ColorName is up to date", third);
    says("org.example.colors.TextColor is made from", third);
    assertEquals(Set.of("TextColor"), written(app));
    assertEquals(Set.of(), Builds.young(one));
    runs(project.resolve("app/target/colors-app-1.jar"));

    change(project.resolve("one"), "return session",
        "if (true) throw new IllegalStateException(\"no weights\");\n    return session");
    Ran broken = Builds.maven(project, repository, "process-classes", "-pl", "one");
    assertTrue(broken.code() != 0, broken.text());
    long line = Files.readString(project.resolve("one").resolve(TEXT_COLOR)).split("if \\(true")[0]
        .lines().count();
    says("TextColorDefinition.java:" + line
        + ": org.example.colors.model.TextColorDefinition failed: "
        + "java.lang.IllegalStateException: no weights", broken);
    assertTrue(Files.exists(one.resolve("org/example/colors/TextColor.class")));

    Ran without = Builds.maven(project, repository, "process-classes", "-pl", "one",
        "-Dkotangent.jdk=" + project);
    assertTrue(without.code() != 0, without.text());
    says("the parameter jdk is " + project + ", which has no Java: expected the folder of a JDK 25",
        without);
  }

  private static void change(Path module, String from, String to) throws IOException {
    Path file = module.resolve(TEXT_COLOR);
    String text = Files.readString(file);
    assertTrue(text.contains(from), text);
    Files.writeString(file, text.replace(from, to));
  }

  /** On Maven's own Java, which may be 17. */
  private static void runs(Path jar) throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("maven.java.home"), "bin", "java");
    Ran ran = Builds.run(jar.getParent(), List.of(java.toString(), "-cp", jar.toString(),
        "org.example.colors.Palette", "20", "30", "220"));
    assertEquals("blue, white text\n", ran.text());
  }
}
