package io.kotangent.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Words are spelled in the American way, in names and in prose: a user who looks for `normalize` finds it.
class SpellingTest {
  private static final Pattern WORD = Pattern.compile("\\p{L}+");

  private static final Pattern BRITISH = Pattern.compile(
      "(?i)(capital|character|equal|final|general|initial|linear|local|material|maxim|minim|normal"
          + "|optim|organ|parallel|parameter|penal|quant|random|real|regular|serial|special|stabil"
          + "|standard|summar|symbol|synchron|token|util|vector|visual)is(e|ed|es|er|ers|ing|ation)"
          + "(?![a-z])|parenthesis(ed|ing)|recognis|colour|favour|neighbour|behaviour|tumour"
          + "|centre|centring|catalogue|(label|model|cancel)l(ed|ing)|grey|learnt|licence|artefact");

  @Test
  void wordsAreSpelledTheAmericanWay() throws IOException {
    Map<String, Set<String>> found = new TreeMap<>();
    for (Path file : files()) {
      Set<String> words = british(Files.readString(file));
      if (!words.isEmpty()) {
        found.put(Sources.name(file), words);
      }
    }
    assertEquals(Map.of(), found);
  }

  @Test
  void otherSpellingsAreFound() {
    assertEquals(Set.of("Normalisation", "initialise", "isStabilised", "unlabelled", "NEIGHBOURS"),
        british("Normalisation initialise(isStabilised) unlabelled NEIGHBOURS_2"));
    assertEquals(Set.of(),
        british("Normalization realistic promise initial otherwise parallelism"));
    assertTrue(british("specialist minimise").contains("minimise"));
  }

  private static Set<String> british(String text) {
    Set<String> found = new TreeSet<>();
    WORD.matcher(text).results().map(word -> word.group())
        .filter(word -> BRITISH.matcher(word).find()).forEach(found::add);
    return found;
  }

  /// All sources and pages, but this file, which has to name what it looks for.
  private static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>(Sources.files());
    files.removeIf(file -> file.endsWith("SpellingTest.java"));
    for (String folder : List.of("", "docs", "docs/decisions")) {
      try (var list = Files.list(Sources.ROOT.resolve(folder))) {
        list.filter(file -> file.toString().endsWith(".md")).sorted().forEach(files::add);
      }
    }
    return files;
  }
}
