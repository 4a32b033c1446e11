package io.kotangent.assertions;

import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// What must stand in a text, one thing a line:
///
/// | line | holds if |
/// |---|---|
/// | `contract` | a line after the one that the line before was found in has it |
/// | `next: contract` | the very next line has it |
/// | `not: exp` | no line has it between what is found before and after it |
/// | `count 2: mul` | exactly two lines of the whole text have it |
/// | `# …` | always |
///
/// Spaces stand for any space. `[[sum]]` stands for a word such as `%3` and, from then on, for the same word; `{{…}}` for a regular
/// expression.
///
/// ```
/// [[sum]] = contract
/// next: [[out]] = add [[sum]], b
/// not: exp
/// return y=[[out]]
/// ```
final class TextPattern {
  /// How a line is looked for.
  private enum Kind {
    LATER, NEXT, NOT, COUNT
  }

  /// A line of the pattern.
  ///
  /// @param number of the line, from 1
  /// @param column where the text begins in it, from 1
  private record Line(Kind kind, int count, String text, int number, int column) {
  }

  private static final Pattern COUNT = Pattern.compile("count\\s+(\\d{1,9}):\\s*(.*)");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z_0-9]*");
  private static final String WORD = "[%A-Za-z_0-9.]+";
  private static final String SPACE = "\\s+";

  private final String pattern;
  private final List<Line> lines = new ArrayList<>();

  private TextPattern(String pattern) {
    this.pattern = pattern;
  }

  /// @throws KotangentException if it is no pattern, with line and column
  static TextPattern parse(String pattern) {
    TextPattern parsed = new TextPattern(pattern);
    int number = 0;
    for (String line : pattern.lines().toList()) {
      number++;
      String text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        parsed.add(text, number, line.indexOf(text) + 1);
      }
    }
    if (parsed.lines.isEmpty()) {
      throw new KotangentException(
          "a pattern without a line: expected what must stand in the text");
    }
    return parsed;
  }

  private void add(String text, int number, int column) {
    Matcher count = COUNT.matcher(text);
    Line line;
    if (text.startsWith("count ") && text.contains(":")) {
      if (!count.matches()) {
        throw error(number, column, "a number such as in 'count 2: exp'", text);
      }
      line = new Line(Kind.COUNT, Integer.parseInt(count.group(1)), count.group(2), number,
          column + text.lastIndexOf(count.group(2)));
    } else if (text.startsWith("not:")) {
      line = after("not:", Kind.NOT, text, number, column);
    } else if (text.startsWith("next:")) {
      line = after("next:", Kind.NEXT, text, number, column);
    } else {
      line = new Line(Kind.LATER, 0, text, number, column);
    }
    if (line.text.isEmpty()) {
      throw error(number, column, "what to look for", "the end of the line");
    }
    if (line.kind == Kind.NEXT && lines.stream().noneMatch(before -> before.kind == Kind.LATER)) {
      throw error(number, column, "a line before it that says where", "next: first");
    }
    Map<String, String> known = new LinkedHashMap<>();
    regex(line, known);
    lines.add(line);
  }

  private static Line after(String word, Kind kind, String text, int number, int column) {
    String rest = text.substring(word.length());
    int blanks = rest.length() - rest.stripLeading().length();
    return new Line(kind, 0, rest.strip(), number, column + word.length() + blanks);
  }

  private static KotangentException error(int line, int column, String expected, String got) {
    return new KotangentException(
        "pattern, line " + line + ", column " + column + ": expected " + expected + ", got " + got);
  }

  /// As a regular expression, in which what is captured anew is a group of its name.
  private static Pattern regex(Line line, Map<String, String> known) {
    StringBuilder regex = new StringBuilder();
    List<String> captured = new ArrayList<>();
    String text = line.text;
    int at = 0;
    while (at < text.length()) {
      boolean capture = text.startsWith("[[", at);
      if (capture || text.startsWith("{{", at)) {
        int end = text.indexOf(capture ? "]]" : "}}", at);
        if (end < 0) {
          throw error(line.number, line.column + at, capture ? "]]" : "}}", "the end of the line");
        }
        String inside = text.substring(at + 2, end);
        regex.append(
            capture ? captured(line, at, inside, known, captured) : expression(line, at, inside));
        at = end + 2;
      } else {
        int next = text.length();
        for (String open : List.of("[[", "{{")) {
          int found = text.indexOf(open, at);
          next = found < 0 ? next : Math.min(next, found);
        }
        regex.append(plain(text.substring(at, next)));
        at = next;
      }
    }
    return Pattern.compile(regex.toString());
  }

  private static String plain(String text) {
    StringBuilder regex = new StringBuilder();
    String rest = text;
    Matcher space = Pattern.compile(SPACE).matcher(rest);
    int at = 0;
    while (space.find()) {
      regex.append(Pattern.quote(rest.substring(at, space.start()))).append(SPACE);
      at = space.end();
    }
    return regex.append(Pattern.quote(rest.substring(at))).toString();
  }

  private static String expression(Line line, int at, String inside) {
    try {
      Pattern.compile(inside);
      return "(?:" + inside + ")";
    } catch (PatternSyntaxException e) {
      throw error(line.number, line.column + at, "a regular expression",
          inside + " (" + e.getDescription()
              + ")");
    }
  }

  private static String captured(Line line, int at, String name, Map<String, String> known,
      List<String> captured) {
    if (!NAME.matcher(name).matches()) {
      throw error(line.number, line.column + at, "a name such as [[sum]]", "[[" + name + "]]");
    }
    String value = known.get(name);
    if (value != null) {
      return "(?<![%\\w.])" + Pattern.quote(value) + "(?![\\w.])";
    }
    String group = "name" + name.replace("_", "Z5f");
    if (captured.contains(name)) {
      return "\\k<" + group + ">";
    }
    captured.add(name);
    return "(?<" + group + ">" + WORD + ")";
  }

  /// Throws an [AssertionError] that shows the text unless all of it holds.
  void check(String text, String what) {
    List<String> all = text.lines().toList();
    Map<String, String> known = new LinkedHashMap<>();
    int from = 0;
    List<Line> absent = new ArrayList<>();
    for (Line line : lines) {
      switch (line.kind) {
        case COUNT -> count(line, all, known, what);
        case NOT -> absent.add(line);
        case LATER, NEXT -> {
          int found = find(line, all, from, known);
          if (found < 0) {
            throw failure(what, line, line.kind == Kind.NEXT ? "the next line does not have it"
                : from == 0 ? "no line has it" : "no line after line " + from + " has it", all,
                from, known);
          }
          absent(absent, all, from, found, known, what);
          from = found + 1;
        }
      }
    }
    absent(absent, all, from, all.size(), known, what);
  }

  private static int find(Line line, List<String> all, int from, Map<String, String> known) {
    Pattern regex = regex(line, known);
    int end = line.kind == Kind.NEXT ? Math.min(from + 1, all.size()) : all.size();
    for (int i = from; i < end; i++) {
      Matcher matcher = regex.matcher(all.get(i));
      if (matcher.find()) {
        regex.namedGroups().forEach((group, index) -> known.put(
            group.substring("name".length()).replace("Z5f", "_"), matcher.group(index)));
        return i;
      }
    }
    return -1;
  }

  private void absent(List<Line> absent, List<String> all, int from, int to,
      Map<String, String> known, String what) {
    for (Line line : absent) {
      Pattern regex = regex(line, known);
      for (int i = from; i < to; i++) {
        if (regex.matcher(all.get(i)).find()) {
          throw failure(what, line, "line " + (i + 1) + " has it", all, i, known);
        }
      }
    }
    absent.clear();
  }

  private void count(Line line, List<String> all, Map<String, String> known, String what) {
    Pattern regex = regex(line, known);
    long found = all.stream().filter(each -> regex.matcher(each).find()).count();
    if (found != line.count) {
      throw failure(what, line, found + (found == 1 ? " line has it" : " lines have it"), all,
          all.size(), known);
    }
  }

  private AssertionError failure(String what, Line failed, String why, List<String> all, int at,
      Map<String, String> known) {
    StringBuilder text = new StringBuilder(what).append(" does not fit the pattern:\n");
    int number = 0;
    for (String line : pattern.lines().toList()) {
      number++;
      text.append(number == failed.number ? "> " : "  ").append(line.strip()).append('\n');
      if (number == failed.number) {
        text.append("  ^ ").append(why).append('\n');
      }
    }
    known.forEach((name, value) -> text.append("  where [[").append(name).append("]] is ")
        .append(value).append('\n'));
    text.append("in\n");
    for (int i = 0; i < all.size(); i++) {
      text.append(String.format(java.util.Locale.ROOT, "%s%4d  %s%n", i == at ? ">" : " ", i + 1,
          all.get(i)).replace(System.lineSeparator(), "\n"));
    }
    return new AssertionError(text.toString());
  }
}
