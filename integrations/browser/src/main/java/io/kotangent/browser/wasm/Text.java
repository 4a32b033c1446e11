package io.kotangent.browser.wasm;

import java.util.ArrayList;
import java.util.List;

/// Text without regular expressions, which are a third of what a network would weigh.
public final class Text {
  private Text() {
  }

  /// What is wrong, for people.
  public static String of(Throwable wrong) {
    String message = wrong.getMessage();
    return message == null ? wrong.toString() : message;
  }

  /// `text.split(separators, limit)` with a negative limit, of one character or one of several in brackets.
  public static String[] split(String text, String separators, int limit) {
    if (limit >= 0 || separators.length() > 1 && separators.charAt(0) != '[') {
      throw new IllegalArgumentException("separators: " + separators);
    }
    List<String> words = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      if (separators.indexOf(text.charAt(i)) >= 0) {
        words.add(text.substring(from, i));
        from = i + 1;
      }
    }
    words.add(text.substring(from));
    return words.toArray(new String[0]);
  }
}
