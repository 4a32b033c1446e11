package io.kotangent.aot;

import io.kotangent.runtime.Signature;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The classes that every network brings along.
final class Support {
  /// Where they are before they get the network's name.
  static final String ALONE = "io/kotangent/alone/";
  private static final List<String> NAMES =
      List.of("Crew", "Crew$Hand", "Elements", "Entry", "Frame", "Layout",
          "Layout$Place", "SimdEntry", "SimdTrial", "Slots", "State", "TensorFile", "Tensors",
          "Workspace");

  private Support() {
  }

  /// By their names before that.
  static Map<String, byte[]> classes() {
    Map<String, byte[]> classes = new LinkedHashMap<>();
    for (String simple : NAMES) {
      classes.put(ALONE + simple, bytes(simple));
    }
    return classes;
  }

  private static byte[] bytes(String simple) {
    String resource = "/" + ALONE + simple + ".class";
    try (InputStream in = Signature.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the runtime has no " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
