package io.kotangent.assertions;

import java.nio.file.Path;

/// What is asserted of a text: of a graph, a plan, a listing, a formula.
public final class TextAssert {
  private final String text;
  private final String what;

  TextAssert(String text, String what) {
    this.text = text;
    this.what = what;
  }

  /// Line by line; how lines end does not matter.
  public TextAssert is(String expected) {
    String difference = TextDiff.of(expected, text);
    if (!difference.isEmpty()) {
      throw new AssertionError(what + " is another (- expected, + is):\n" + difference);
    }
    return this;
  }

  /// The text of a file beside the tests. With `-Dkotangent.golden=update` the file is written instead.
  public TextAssert matchesGolden(Path file) {
    GoldenFile.check(file, text, what);
    return this;
  }

  /// What stands in it, line after line: `contract`, `next: add`, `not: exp`, `count 2: mul`, with `[[name]]` for a word that is the same
  /// wherever it stands and `{{…}}` for regular expressions.
  ///
  /// @throws io.kotangent.type.KotangentException if it is no pattern, with line and column
  public TextAssert fits(String pattern) {
    TextPattern.parse(pattern).check(text, what);
    return this;
  }
}
