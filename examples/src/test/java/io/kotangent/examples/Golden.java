package io.kotangent.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Texts kept in `src/test/resources/golden`. A change that is meant is kept with
/// `mvn -pl examples -am verify -Dgolden.update=true`, and looked at in the diff.
final class Golden {
  /// Tests run in the folder of their module, or at the root.
  private static final Path FOLDER = Repository.root()
      .resolve("examples/src/test/resources/golden");

  private Golden() {}

  static void matches(String file, String text) {
    Path path = FOLDER.resolve(file);
    try {
      if (Boolean.getBoolean("golden.update")) {
        Files.createDirectories(FOLDER);
        Files.writeString(path, text);
      }
      assertEquals(Files.readString(path, StandardCharsets.UTF_8), text,
          () -> file + " differs; if that is meant, run with -Dgolden.update=true");
    } catch (IOException e) {
      throw new AssertionError("cannot read " + path + ": run with -Dgolden.update=true", e);
    }
  }
}
