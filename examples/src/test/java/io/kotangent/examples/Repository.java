package io.kotangent.examples;

import java.nio.file.Files;
import java.nio.file.Path;

/// Where the sources are.
final class Repository {
  private Repository() {}

  /// The folder of the whole project: tests run there or in a module.
  static Path root() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve("examples/src"))) {
      Path parent = here.getParent();
      if (parent == null) {
        throw new IllegalStateException("not inside the project's folder");
      }
      here = parent;
    }
    return here;
  }
}
