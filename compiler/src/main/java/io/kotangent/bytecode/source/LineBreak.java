package io.kotangent.bytecode.source;

import java.util.List;

/// Finds where a line of code may be broken: after a comma or before an operator, in as few parentheses as possible.
final class LineBreak {
  private static final List<String> OPERATORS =
      List.of(" + ", " - ", " * ", " / ", " % ", " & ", " | ", " ^ ", " == ", " != ", " < ",
          " <= ");

  private final String line;
  private final int first;
  private final int last;
  private int best = -1;
  private int bestDepth = Integer.MAX_VALUE;

  private LineBreak(String line, int first, int last) {
    this.line = line;
    this.first = first;
    this.last = last;
  }

  /// Where the second line begins; −1 if nowhere between these columns.
  static int of(String line, int first, int last) {
    LineBreak found = new LineBreak(line, first, last);
    found.search();
    return found.best;
  }

  private void search() {
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < line.length() && i < last; i++) {
      char c = line.charAt(i);
      if (quoted) {
        i += c == '\\' ? 1 : 0;
        quoted = c != '"';
      } else if (c == '"') {
        quoted = true;
      } else if (c == '(' || c == '[') {
        depth++;
      } else if (c == ')' || c == ']') {
        depth--;
      } else if (c == ' ' && i > first) {
        consider(i, depth);
      }
    }
  }

  private void consider(int at, int depth) {
    boolean comma = line.charAt(at - 1) == ',';
    boolean assigned = line.startsWith("= ", at - 1) || line.startsWith("= ", at - 2);
    boolean breakable =
        comma || !assigned && OPERATORS.stream().anyMatch(o -> line.startsWith(o, at));
    if (breakable && (depth <= bestDepth || at - best > last / 2)) {
      best = at;
      bestDepth = depth;
    }
  }
}
