package io.kotangent.text;

import io.kotangent.data.DataException;
import io.kotangent.data.NamedTensor;
import io.kotangent.data.SafeTensors;
import io.kotangent.data.TextFile;
import io.kotangent.ir.Literal;
import io.kotangent.type.KotangentException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Graphs as text, and beside it the constants that are too long for the text, by their digests.
public record GraphText(String text, Map<String, Literal> constants) {
  private static final Pattern DIGEST = Pattern.compile("\\[digest=([0-9a-f]{32})\\]");
  /// The name of a constant in its file.
  private static final String CONSTANT = "constant";

  public GraphText {
    constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
  }

  /// Writes the text to a file, and before it each constant to a file beside it that is named by its content:
  /// `<digest>.safetensors`. One that holds it already stays, anything else in its place is replaced. Each file is written wholly
  /// or not at all ([TextFile]); a [DataException] says what could not be written.
  public void write(Path file) {
    constants.forEach((digest, value) -> {
      Path target = beside(file, digest);
      if (!holds(target, value)) {
        SafeTensors.write(target, Map.of(),
            List.of(new NamedTensor(CONSTANT, value.type(), value.toArray())));
      }
    });
    TextFile.write(file, text);
  }

  private static boolean holds(Path file, Literal value) {
    try {
      return constant(file).equals(value);
    } catch (KotangentException e) {
      return false; // not there, or broken
    }
  }

  /// Reads what [#write] wrote. A [KotangentException] says what is not there or cannot be read.
  public static GraphText read(Path file) {
    String text = TextFile.read(file);
    Map<String, Literal> constants = new LinkedHashMap<>();
    for (Matcher found = DIGEST.matcher(text); found.find();) {
      constants.computeIfAbsent(found.group(1), digest -> constant(beside(file, digest)));
    }
    return new GraphText(text, constants);
  }

  private static Literal constant(Path file) {
    NamedTensor tensor = SafeTensors.read(file).tensor(CONSTANT);
    return Literal.of(tensor.type(), tensor.values());
  }

  private static Path beside(Path file, String digest) {
    return file.resolveSibling(digest + ".safetensors");
  }
}
