package io.kotangent.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A process of its own for each figure.
final class Child {
  private Child() {}

  /// Runs a main class in a fresh JVM on this one's class path, with the JVM options that this one was given.
  static List<String> java(Options options, String main, List<String> arguments) {
    return java(options, List.of(), main, arguments);
  }

  /// The same for a workload: with a cache of the classes that it loads, if that was asked for.
  static List<String> java(Options options, Workload workload, String main,
      Supplier<List<String>> arguments) {
    if (!options.aot()) {
      return java(options, main, arguments.get());
    }
    try {
      Path cache = Files.createTempDirectory("kotangent").resolve("classes.aot");
      java(options, List.of("-XX:AOTCacheOutput=" + cache, "-Xlog:disable"),
          Worker.class.getName(), Worker.arguments(workload, options.withSeconds(0.1)));
      List<String> lines = java(options,
          List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off"), main,
          arguments.get());
      Files.delete(cache);
      Files.delete(cache.getParent());
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> java(Options options, List<String> jvm, String main,
      List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(jvm);
    if (!options.rows()) {
      command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    }
    command.add(main);
    command.addAll(arguments);
    // Not as an option: ONNX Runtime 1.29 crashes in a process whose command line is longer than some kilobytes.
    return run(options, command, Map.of("CLASSPATH", classPath(), "OMP_NUM_THREADS",
        Integer.toString(options.threads())));
  }

  private static String classPath() {
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(System.getProperty("java.class.path"))
        .map(path -> Path.of(path).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /// Runs a command and gives what it prints; its errors go to ours.
  static List<String> run(Options options, List<String> command, Map<String, String> variables) {
    List<String> whole = new ArrayList<>();
    if (options.pin()) {
      String cores = options.threads() == 1 ? "0" : "0-" + (options.threads() - 1);
      whole.addAll(List.of("taskset", "-c", cores));
    }
    whole.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(whole).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(variables);
    try {
      Process process = builder.start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exit = process.waitFor();
      if (exit != 0) {
        throw new IllegalStateException("exit code " + exit + " of " + String.join(" ", command));
      }
      return text.lines().toList();
    } catch (IOException e) {
      throw new IllegalStateException("cannot start " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
