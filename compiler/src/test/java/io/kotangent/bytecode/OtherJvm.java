package io.kotangent.bytecode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs a main class in a JVM of its own.
public final class OtherJvm {
  private OtherJvm() {
  }

  /// What it prints, and logs; it must end well.
  public static String run(Class<?> main, String... flags)
      throws IOException, InterruptedException {
    return run(main, List.of(flags));
  }

  public static String run(Class<?> main, List<String> flags, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath(), main.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new AssertionError(main.getName() + " ended with " + code + ":\n" + output);
    }
    return output;
  }

  /// Of this JVM, also when it was started on the module path.
  public static String classPath() {
    List<String> paths = new ArrayList<>();
    for (String property : List.of("java.class.path", "jdk.module.path",
        "surefire.test.class.path")) {
      String value = System.getProperty(property, "");
      if (!value.isEmpty()) {
        paths.add(value);
      }
    }
    return String.join(java.io.File.pathSeparator, paths);
  }
}
