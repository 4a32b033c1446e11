package io.kotangent.dsl.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kotangent.aot.Jvms;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import javax.tools.ToolProvider;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The programs of the README are compiled as they stand there, and run.
class ReadmeTest {
  @TempDir private Path folder;

  /// The first block of that language in the section of that title.
  private static String block(String title, String language) throws IOException {
    return block(title, language, 0);
  }

  /// The block of that language after so many others.
  private static String block(String title, String language, int after) throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("README.md"))) {
      root = Objects.requireNonNull(root.getParent());
    }
    String text = Files.readString(root.resolve("README.md"));
    int section = text.indexOf("\n## " + title + "\n");
    String fence = "```" + language + "\n";
    int start = text.indexOf(fence, section) + fence.length();
    for (int i = 0; i < after; i++) {
      start = text.indexOf(fence, start) + fence.length();
    }
    return text.substring(start, text.indexOf("```", start));
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private String run(String main) throws IOException, InterruptedException {
    return run(Path.of(System.getProperty("java.home"), "bin", "java"),
        folder + File.pathSeparator + System.getProperty("java.class.path"), main);
  }

  private String run(Path java, String classPath, String main)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(List.of(java.toString(), "-cp", classPath, main))
        .directory(folder.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), printed);
    return printed.trim();
  }

  @Test
  void theNetworkInJavaLearns() throws Exception {
    Path source = file("Digits.java", block("A network in Java", "java"));
    compile("25", ClassPath.ofUsers(), source);
    assertEquals("10000", run("Digits"));
  }

  @Test
  void theNetworkInKotlinLearns() throws Exception {
    Path source = file("Digits.kt", block("The same in Kotlin", "kotlin"));
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    var code = new K2JVMCompiler().exec(new PrintStream(messages, true, StandardCharsets.UTF_8),
        "-no-stdlib", "-no-reflect", "-jvm-target", "25", "-cp", ClassPath.ofUsers(), "-d",
        folder.toString(), source.toString());
    assertEquals("OK", code.name(), messages::toString);
    assertEquals("10000", run("DigitsKt"));
  }

  @Test
  void theNetworkAsAJarPredicts() throws Exception {
    String title = "As a jar that needs nothing";
    String trained = "import java.nio.file.Path;\n" + block("A network in Java", "java")
        .replace("  IO.println", "  " + block(title, "java") + "  IO.println");
    compile("25", ClassPath.ofUsers(), file("Trained.java", trained));
    run("Trained");
    compile("17", folder.resolve("digits.jar").toString(), file("Use.java",
        "public class Use {\n  public static void main(String[] args) {\n"
            + "    float[] pixels = new float[3 * 784];\n    " + block(title, "java", 1)
            + "    System.out.println(scores.length);\n  }\n}\n"));
    for (Path java : Jvms.all()) {
      assertEquals("30", run(java, folder + File.pathSeparator + folder.resolve("digits.jar"),
          "Use"));
    }
  }

  private void compile(String release, String classPath, Path source) {
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int failed = ToolProvider.getSystemJavaCompiler().run(null, messages, messages, "--release",
        release, "-cp", classPath, "-d", folder.toString(), source.toString());
    assertEquals(0, failed, messages::toString);
  }
}
