package io.kotangent.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A fresh JVM on this one's class path, with the JVM options that this one was given.
final class Child {
  private Child() {}

  /// Runs a main class and gives what it prints; its errors go to ours.
  static List<String> run(Options options, Class<?> main, List<String> arguments) {
    List<String> command = command(options, main, arguments);
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exit = process.waitFor();
      if (exit != 0) {
        throw new IllegalStateException(
            main.getSimpleName() + " " + arguments + " failed with exit code " + exit);
      }
      return text.lines().toList();
    } catch (IOException e) {
      throw new IllegalStateException("cannot start " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static List<String> command(Options options, Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    if (options.pin()) {
      String last = options.threads() == 1 ? "0" : "0-" + (options.threads() - 1);
      command.addAll(List.of("taskset", "-c", last));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    if (!options.rows()) {
      command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return command;
  }
}
