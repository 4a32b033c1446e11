package io.kotangent.assertions;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A text kept beside the tests. With `-Dkotangent.golden=update` it is written instead of compared, and looked at in the diff
/// of the version control.
final class GoldenFile {
  private static final String PROPERTY = "kotangent.golden";
  private static final String UPDATE = "update";

  private GoldenFile() {
  }

  /// Throws unless the file has that text; line ends do not matter.
  ///
  /// @param what the text is, for messages
  static void check(Path file, String text, String what) {
    String mode = System.getProperty(PROPERTY, "");
    if (!mode.isEmpty() && !mode.equals(UPDATE)) {
      throw new AssertionError("-D" + PROPERTY + "=" + mode + ": expected " + UPDATE
          + ", which writes golden files, or nothing, which compares them");
    }
    if (mode.equals(UPDATE)) {
      write(file, text);
      return;
    }
    if (!Files.exists(file)) {
      throw new AssertionError("there is no golden file " + file.toAbsolutePath().normalize()
          + " for " + what + ": run the test once with -D" + PROPERTY + "=" + UPDATE
          + " to write it, and look at what it wrote");
    }
    String difference = TextDiff.of(read(file), text);
    if (!difference.isEmpty()) {
      throw new AssertionError(what + " is not as in " + file + " (- expected, + now):\n"
          + difference + "if that is meant, run the test with -D" + PROPERTY + "=" + UPDATE);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      throw new AssertionError("the golden file " + file + " is no UTF-8 text", e);
    } catch (IOException e) {
      throw new AssertionError("the golden file " + file + " cannot be read: " + e, e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new AssertionError("the golden file " + file + " cannot be written: " + e, e);
    }
  }
}
