package io.kotangent.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The project's own sources, as tests read them.
final class Sources {
  static final Path ROOT = root();

  private static final List<String> MODULES =
      List.of("runtime", "compiler", "dsl", "examples", "benchmarks", "benchmarks/jmh",
          "benchmarks/peers", "integrations/cli", "integrations/testing",
          "integrations/notebook",
          "integrations/maven-plugin",
          "integrations/maven-plugin/example/model",
          "integrations/maven-plugin/example/app");

  private Sources() {}

  /// The Java and Kotlin files of all modules, in order of their paths.
  static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String module : MODULES) {
      try (var walk = Files.walk(ROOT.resolve(module).resolve("src"))) {
        walk.filter(file -> file.toString().endsWith(".java") || file.toString().endsWith(".kt"))
            .sorted()
            .forEach(files::add);
      }
    }
    return files;
  }

  /// A file as it is named from the root, with `/` on every system.
  static String name(Path file) {
    return ROOT.relativize(file).toString().replace('\\', '/');
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve(".config/long-code.txt"))) {
      Path parent = folder.getParent();
      if (parent == null) {
        throw new IllegalStateException("not inside a checkout: " + Path.of("").toAbsolutePath());
      }
      folder = parent;
    }
    return folder;
  }
}
