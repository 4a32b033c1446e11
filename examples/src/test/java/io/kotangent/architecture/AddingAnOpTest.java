package io.kotangent.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The page that says what an addition touches, beside what the code says: of one function and one op, each place that
/// names it.
@NullMarked
class AddingAnOpTest {
  /// A scalar function that nothing else is made of, as Java and texts name it.
  private static final Pattern FUNCTION = Pattern.compile("\\bATAN\\b|\"atan\"");
  /// A case of a switch that names a structural op, alone or among others, by its type or its mnemonic.
  private static final Pattern OP =
      Pattern.compile("case (?:[^;{}\"]*\\bWindows\\b[^;{}]*?|\"windows\") ->");

  private static String page() throws IOException {
    return Files.readString(Sources.ROOT.resolve("docs/adding-an-op.md"));
  }

  /// The first column of the table below a heading: `ir.Op`.
  private static List<String> table(String heading) throws IOException {
    String page = page();
    int start = page.indexOf("## " + heading);
    assertTrue(start >= 0, heading);
    String section = page.substring(start, page.indexOf("\n## ", start));
    return Pattern.compile("^ *\\| `([a-z.]+\\.[A-Z]\\w+)` \\|", Pattern.MULTILINE).matcher(section)
        .results()
        .map(row -> row.group(1)).sorted().toList();
  }

  /// Each place in what we ship, as often as it is there: `ir.Op`.
  private static List<String> places(Pattern pattern) throws IOException {
    List<String> places = new ArrayList<>();
    for (Path file : Sources.files()) {
      String name = Sources.name(file);
      if (name.matches("(runtime|compiler|dsl)/src/main/.*")) {
        String type = name.replaceAll(".*/io/kotangent/|\\.\\w+$", "").replace('/', '.');
        pattern.matcher(Files.readString(file)).results().forEach(_ -> places.add(type));
      }
    }
    return places.stream().sorted().toList();
  }

  @Test
  void aScalarFunctionIsOneRowAndItsMethod() throws IOException {
    assertEquals(table("A scalar function"), places(FUNCTION).stream().distinct().toList());
  }

  @Test
  void aStructuralOpIsNamedWhereThePageSays() throws IOException {
    List<String> places = places(OP);
    assertEquals(table("A structural operation"), places);
    assertTrue(places.size() <= 10, places::toString);
  }
}
