package io.kotangent.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/lectures.md` lists every id of the lecture map once, and what it names exists.
class LecturesPageTest {
  private static final Pattern ROW =
      Pattern.compile("\\| ([A-G][0-9]+) \\| ([^|]+) \\| ([^|]+) \\|");
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  private static List<String> ids() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    counts.put("A", 13);
    counts.put("B", 15);
    counts.put("C", 8);
    counts.put("D", 13);
    counts.put("E", 7);
    counts.put("F", 4);
    counts.put("G", 10);
    List<String> ids = new ArrayList<>();
    counts.forEach((letter, count) -> {
      for (int i = 1; i <= count; i++) {
        ids.add(letter + i);
      }
    });
    return ids;
  }

  private static Map<String, String> rows() throws IOException {
    Map<String, String> rows = new LinkedHashMap<>();
    for (String line : Files.readAllLines(Repository.root().resolve("docs/lectures.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        assertFalse(rows.containsKey(row.group(1)), () -> row.group(1) + " comes twice");
        rows.put(row.group(1), row.group(3));
      }
    }
    return rows;
  }

  @Test
  void everyIdIsListedInOrder() throws IOException {
    assertEquals(ids(), List.copyOf(rows().keySet()));
  }

  @Test
  void everyRowNamesWhatExistsOrIsPlanned() throws IOException {
    Map<String, Path> sources = sources();
    for (Map.Entry<String, String> row : rows().entrySet()) {
      Matcher name = NAME.matcher(row.getValue());
      boolean named = false;
      while (name.find()) {
        named = true;
        assertTrue(exists(name.group(1), sources),
            () -> row.getKey() + " names " + name.group(1) + ", which does not exist");
      }
      assertTrue(named || row.getValue().equals("planned"), row::toString);
    }
  }

  @Test
  void whatDoesNotExistIsFound() throws IOException {
    Map<String, Path> sources = sources();
    assertTrue(exists("LecturesPageTest#whatDoesNotExistIsFound", sources));
    assertFalse(exists("LecturesPageTest#whatDoesNotExist", sources));
    assertFalse(exists("LecturePageTest", sources));
    assertFalse(exists("examples/run nothing", sources));
  }

  private static boolean exists(String name, Map<String, Path> sources) throws IOException {
    String example = "examples/run ";
    if (name.startsWith(example)) {
      return Launcher.EXAMPLES.stream()
          .anyMatch(e -> e.name().equals(name.substring(example.length())));
    }
    String[] parts = name.split("#", 2);
    Path source = sources.get(parts[0]);
    if (source == null) {
      return false;
    }
    String text = Files.readString(source);
    return parts.length == 1 ? text.contains("@Test") || text.contains("Spec(")
        : text.contains(" " + parts[1] + "(");
  }

  /// The test classes of all modules by their simple names.
  private static Map<String, Path> sources() throws IOException {
    Map<String, Path> sources = new LinkedHashMap<>();
    for (String module : List.of("runtime", "compiler", "dsl", "examples", "benchmarks")) {
      try (Stream<Path> files = Files.walk(Repository.root().resolve(module).resolve("src/test"))) {
        files.filter(file -> file.toString().matches(".*(Test|Spec)\\.(java|kt)"))
            .forEach(file -> sources.put(file.getFileName().toString().replaceAll("\\..*", ""),
                file));
      }
    }
    return sources;
  }
}
