package io.kotangent.assertions;

import java.util.ArrayList;
import java.util.List;

/// How two texts differ, line by line, as `diff -u` shows it: `-` what was expected, `+` what came, and some lines around.
final class TextDiff {
  private static final int AROUND = 3;
  /// Longer texts are compared from their first different line on.
  private static final int MOST = 2000;

  private final List<String> expected;
  private final List<String> actual;

  private TextDiff(String expected, String actual) {
    this.expected = expected.lines().toList();
    this.actual = actual.lines().toList();
  }

  /// Empty if all lines are the same.
  static String of(String expected, String actual) {
    return new TextDiff(expected, actual).print();
  }

  private String print() {
    List<String> lines = lines();
    boolean[] shown = new boolean[lines.size()];
    boolean differs = false;
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).charAt(0) != ' ') {
        differs = true;
        for (int k = Math.max(0, i - AROUND); k <= Math.min(lines.size() - 1, i + AROUND); k++) {
          shown[k] = true;
        }
      }
    }
    if (!differs) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      if (shown[i]) {
        text.append(lines.get(i)).append('\n');
      } else if (i == 0 || shown[i - 1]) {
        text.append("  …\n");
      }
    }
    return text.toString();
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    int start = 0;
    int least = Math.min(expected.size(), actual.size());
    while (start < least && expected.get(start).equals(actual.get(start))) {
      lines.add("  " + expected.get(start++));
    }
    int end = 0;
    while (end < least - start && expected.get(expected.size() - 1 - end)
        .equals(actual.get(actual.size() - 1 - end))) {
      end++;
    }
    middle(expected.subList(start, expected.size() - end),
        actual.subList(start, actual.size() - end), lines);
    expected.subList(expected.size() - end, expected.size())
        .forEach(line -> lines.add("  " + line));
    return lines;
  }

  /// By the longest common subsequence, if they are not too long for it.
  private static void middle(List<String> left, List<String> right, List<String> lines) {
    if (left.size() > MOST || right.size() > MOST) {
      left.forEach(line -> lines.add("- " + line));
      right.forEach(line -> lines.add("+ " + line));
      return;
    }
    int[][] common = new int[left.size() + 1][right.size() + 1];
    for (int i = left.size() - 1; i >= 0; i--) {
      for (int j = right.size() - 1; j >= 0; j--) {
        common[i][j] = left.get(i).equals(right.get(j)) ? common[i + 1][j + 1] + 1
            : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < left.size() || j < right.size()) {
      if (i < left.size() && j < right.size() && left.get(i).equals(right.get(j))) {
        lines.add("  " + left.get(i++));
        j++;
      } else if (j == right.size() || i < left.size() && common[i + 1][j] >= common[i][j + 1]) {
        lines.add("- " + left.get(i++));
      } else {
        lines.add("+ " + right.get(j++));
      }
    }
  }
}
