package io.kotangent.examples;

import io.kotangent.assertions.Assertions;
import java.nio.file.Path;

/// Texts kept in `src/test/resources/golden`. A change that is meant is kept with
/// `mvn -pl examples -am verify -Dkotangent.golden=update`, and looked at in the diff.
final class Golden {
  /// Tests run in the folder of their module, or at the root.
  private static final Path FOLDER = Repository.root()
      .resolve("examples/src/test/resources/golden");

  private Golden() {}

  static Path file(String name) {
    return FOLDER.resolve(name);
  }

  static void matches(String file, String text) {
    Assertions.assertThatText(text).matchesGolden(file(file));
  }
}
