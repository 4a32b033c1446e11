package io.kotangent.architecture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `docs/api.md` as data.
///
/// @param stable the types of each package that stay as they are
/// @param internal those that may change at any time
/// @param hidden the packages that are not exported
record ApiPage(Map<String, Set<String>> stable, Map<String, Set<String>> internal,
    Set<String> hidden) {
  private static final Pattern PACKAGE = Pattern.compile("### `([a-z.]+)`");
  private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| ([^|]*\\S) \\|");
  private static final Pattern NAME = Pattern.compile("`(io\\.kotangent[a-z.]*)`");

  static ApiPage read() throws IOException {
    ApiPage page = new ApiPage(new TreeMap<>(), new TreeMap<>(), new TreeSet<>());
    String section = "";
    String room = "";
    for (String line : Files.readAllLines(Sources.ROOT.resolve("docs/api.md"))) {
      Matcher heading = PACKAGE.matcher(line);
      Matcher row = ROW.matcher(line);
      if (line.startsWith("## ")) {
        section = line.substring(3);
      } else if (heading.matches()) {
        room = heading.group(1);
      } else if (section.equals("Stable") && row.matches()) {
        note(page.stable, room, row.group(1));
      } else if (section.equals("Internal") && row.matches()) {
        note(page.internal, room, row.group(1));
      } else if (section.equals("Not exported")) {
        NAME.matcher(line).results().forEach(name -> page.hidden.add(name.group(1)));
      }
    }
    return page;
  }

  private static void note(Map<String, Set<String>> types, String room, String type) {
    assertTrue(types.computeIfAbsent(room, _ -> new TreeSet<>()).add(type),
        () -> room + "." + type + " is listed twice");
  }
}
