package io.kotangent.aot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The version of this compiler, as its build wrote it down.
final class CompilerVersion {
  private static final String RESOURCE = "version.txt";

  private CompilerVersion() {
  }

  /// `0.1.0`; `unknown` of classes that no build made, but a development environment.
  static String text() {
    try (InputStream in = CompilerVersion.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the compiler has no " + RESOURCE);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
      return text.startsWith("$") ? "unknown" : text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
