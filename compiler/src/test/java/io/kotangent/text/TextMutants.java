package io.kotangent.text;

import io.kotangent.autodiff.Gradient;
import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.ir.EveryOp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Valid texts in which every op occurs, and texts that are made of them by changing characters, words and lines, or by
/// putting in lines of others.
final class TextMutants {
  private static final int RANDOM_GRAPHS = 24;
  private static final int MOST_CHANGES = 4;
  private static final Pattern WORD = Pattern.compile("[A-Za-z_0-9.%]+|[^\\sA-Za-z_0-9.%]");
  private static final List<String> NASTY = List.of("0", "1", "2", "-1", "3", "2147483647",
      "2147482624", "2147482625", "4294967296", "9223372036854775807", "-9223372036854775808",
      "n", "n-5", "n*n", "min(n,2)", "max(n,7)", "floor(n,0)", "ceil(n-9,4)", "65536*n", "nan",
      "inf", "-0.0", "1e400", "()", "(", ")", "[", "]", ",", ";", "->", "\"", "\\u0000", "true",
      "f32", "f64", "i32", "i64", "bool", "x", "%0", "%1", "@g", "guard", "require n >= 7");

  private static final List<String> NUMBERS =
      List.of("0", "1", "2", "3", "4", "5", "7", "64", "1000", "65536", "2147482624", "n", "n-1");
  private static final List<String> SIZES = List.of("n", "m", "(n)", "n-1", "2*n", "n*n", "n+m",
      "floor(n,2)", "ceil(n,2)", "min(n,2)", "max(n,2)", "0", "1", "5", "min(n,m)-1", "1000000*n",
      "n*m*k", "3-n");

  private final List<String> samples = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private final List<String> words;
  private final Map<String, List<String>> wordsOfKind = new HashMap<>();

  TextMutants() throws IOException {
    samples.addAll(IrPageTest.blocks());
    samples.add(RoundTripTest.STEP);
    for (String dtype : List.of("f32", "f64")) {
      for (String size : List.of("n", "3")) {
        samples.add(GraphPrinter.print(EveryOp.graph(size, dtype)));
      }
    }
    for (int seed = 0; seed < RANDOM_GRAPHS; seed++) {
      RandomGraph sample = RandomGraphs.generate(seed, RandomGraphs.Options.LOSS.withNodes(12));
      samples.add(GraphPrinter.print(seed % 2 == 0 ? sample.graph()
          : Gradient.gradients(sample.graph(), "loss", sample.parameters())));
    }
    Set<String> all = new LinkedHashSet<>(NASTY);
    for (String sample : samples) {
      lines.addAll(sample.lines().toList());
      Matcher matcher = WORD.matcher(sample);
      while (matcher.find()) {
        all.add(matcher.group());
      }
    }
    words = List.copyOf(all);
  }

  String mutant(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    String text = pick(samples, random);
    for (int change = 1 + random.nextInt(MOST_CHANGES) / 2; change > 0; change--) {
      text = switch (random.nextInt(16)) {
        case 0 -> character(text, random);
        case 1, 2 -> line(text, random);
        case 3 -> spliced(text, random);
        case 4 -> cut(text, random);
        case 5, 6, 7 -> everywhere(text, random);
        default -> word(text, random);
      };
    }
    return text;
  }

  private static <T> T pick(List<T> list, SplittableRandom random) {
    return list.get(random.nextInt(list.size()));
  }

  private static String character(String text, SplittableRandom random) {
    int at = random.nextInt(text.length() + 1);
    char c = (char) random.nextInt(random.nextInt(20) == 0 ? 0x10000 : 128);
    return text.substring(0, at) + (random.nextBoolean() ? "" : c)
        + text.substring(Math.min(text.length(), at + random.nextInt(2)));
  }

  private String word(String text, SplittableRandom random) {
    List<int[]> places = new ArrayList<>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      places.add(new int[] {matcher.start(), matcher.end()});
    }
    if (places.isEmpty()) {
      return text;
    }
    int[] place = pick(places, random);
    String word = text.substring(place[0], place[1]);
    return text.substring(0, place[0]) + other(word, random) + text.substring(place[1]);
  }

  /// Mostly one of its kind: a number for a number, a value for a value.
  private String other(String word, SplittableRandom random) {
    if (random.nextInt(6) == 0) {
      return pick(random.nextBoolean() ? NASTY : words, random);
    }
    if (word.matches("[0-9]+")) {
      return pick(NUMBERS, random);
    }
    if (word.matches("%[0-9]+")) {
      return "%" + Math.max(0, Integer.parseInt(word.substring(1)) - 1 - random.nextInt(4));
    }
    String kind = word.matches("f32|f64|i32|i64|bool") ? "f32|f64|i32|i64|bool"
        : word.length() == 1 ? ".|n-1|min\\(n,2\\)" : "[a-z_.]{2,}";
    List<String> alike = alike(kind);
    return alike.isEmpty() ? word : pick(alike, random);
  }

  private List<String> alike(String kind) {
    return wordsOfKind.computeIfAbsent(kind, _ -> {
      Predicate<String> isAlike = Pattern.compile(kind).asMatchPredicate();
      return words.stream().filter(isAlike).toList();
    });
  }

  /// A size, a number or a type changed wherever it stands: what is made stays more often valid.
  private static String everywhere(String text, SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> text.replaceAll("\\bn\\b", pick(SIZES, random));
      case 1 -> text.replaceAll("\\bbatch\\b", pick(SIZES, random));
      case 2 -> text.replaceAll("\\b" + pick(List.of("f32", "f64", "i32"), random) + "\\b",
          pick(List.of("f32", "f64", "i32", "i64"), random));
      default -> text.replaceAll("(?<![%#.])\\b" + pick(List.of("1", "2", "3", "4", "10"), random)
          + "\\b", pick(NUMBERS, random));
    };
  }

  private static String line(String text, SplittableRandom random) {
    List<String> all = new ArrayList<>(text.lines().toList());
    if (all.size() < 2) {
      return text;
    }
    int from = random.nextInt(all.size());
    int to = random.nextInt(all.size());
    switch (random.nextInt(3)) {
      case 0 -> all.remove(from);
      case 1 -> all.add(to, all.get(from));
      default -> all.add(to, all.remove(from == all.size() ? 0 : from));
    }
    return String.join("\n", all) + "\n";
  }

  private String spliced(String text, SplittableRandom random) {
    List<String> all = new ArrayList<>(text.lines().toList());
    all.add(random.nextInt(all.size() + 1), pick(lines, random));
    return String.join("\n", all) + "\n";
  }

  /// Ends early, or goes on as another sample does.
  private String cut(String text, SplittableRandom random) {
    String other = random.nextBoolean() ? "" : pick(samples, random);
    return text.substring(0, random.nextInt(text.length() + 1))
        + other.substring(random.nextInt(other.length() + 1));
  }
}
