package io.kotangent.examples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// What a main prints.
final class Printed {
  private Printed() {}

  static String by(Launcher.Main main, String... arguments) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream before = System.out;
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      main.main(arguments);
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  /// The word after the label that a line begins with.
  static String after(String text, String label) {
    return text.lines().filter(line -> line.startsWith(label)).findFirst().orElseThrow()
        .substring(label.length()).trim().split(" ")[0];
  }

  /// The text without times, which no two runs share.
  static String untimed(String text) {
    return text.replaceAll("[0-9.]+ (s|ms)\\b", "_ $1");
  }
}
