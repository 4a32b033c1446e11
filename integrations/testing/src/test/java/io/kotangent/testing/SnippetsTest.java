package io.kotangent.testing;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The snippets of `README.md` and `docs/testing.md` in the words of AssertJ and Kotest are lines of tests that run.
class SnippetsTest {
  private static Path root() {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("README.md"))) {
      root = Objects.requireNonNull(root.getParent());
    }
    return root;
  }

  /// The lines of code of a text, without what they are indented by.
  private static String code(String text) {
    return text.lines().map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("import "))
        .collect(Collectors.joining("\n"));
  }

  private static void isRun(String page, String title, String language, String test)
      throws IOException {
    String text = Files.readString(root().resolve(page));
    int section = text.indexOf("\n## " + title + "\n");
    assertTrue(section >= 0, page + " has no section " + title);
    String fence = "```" + language + "\n";
    int start = text.indexOf(fence, section) + fence.length();
    String snippet = code(text.substring(start, text.indexOf("```", start)));
    assertFalse(snippet.isEmpty(), page);
    String source = code(Files.readString(root().resolve("integrations/testing/src/test")
        .resolve(test)));
    assertTrue(source.contains(snippet), () -> page + ": not in " + test + ":\n" + snippet);
  }

  @Test
  void snippetsAreRun() throws IOException {
    for (List<String> place : List.of(List.of("README.md", "In your tests"),
        List.of("docs/testing.md", "In the words of AssertJ and Kotest"))) {
      isRun(place.getFirst(), place.getLast(), "java",
          "java/io/kotangent/testing/GraphSubjectTest.java");
      isRun(place.getFirst(), place.getLast(), "kotlin",
          "kotlin/io/kotangent/testing/GraphMatchersTest.kt");
    }
  }
}
