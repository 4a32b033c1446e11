package io.kotangent.text;

import io.kotangent.data.NamedTensor;
import io.kotangent.data.SafeTensors;
import io.kotangent.ir.Literal;
import io.kotangent.type.KotangentException;
import java.io.IOException;
import java.nio.file.Files;
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

  /// Writes the text to a file, and before it each constant, if it is not there, to a file beside it that is named by its
  /// content: `<digest>.safetensors`. A [KotangentException] says what could not be written.
  public void write(Path file) {
    try {
      for (Map.Entry<String, Literal> constant : constants.entrySet()) {
        Path target = beside(file, constant.getKey());
        if (!Files.exists(target)) {
          Literal value = constant.getValue();
          SafeTensors.write(target, Map.of(),
              List.of(new NamedTensor(CONSTANT, value.type(), value.toArray())));
        }
      }
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new KotangentException("cannot write the graph " + file + ": " + e, e);
    }
  }

  /// Reads what [#write] wrote. A [KotangentException] says what is not there or cannot be read.
  public static GraphText read(Path file) {
    try {
      String text = Files.readString(file);
      Map<String, Literal> constants = new LinkedHashMap<>();
      for (Matcher found = DIGEST.matcher(text); found.find();) {
        constants.computeIfAbsent(found.group(1), digest -> {
          NamedTensor tensor = SafeTensors.read(beside(file, digest)).tensor(CONSTANT);
          return Literal.of(tensor.type(), tensor.values());
        });
      }
      return new GraphText(text, constants);
    } catch (IOException e) {
      throw new KotangentException("cannot read the graph " + file + ": " + e, e);
    }
  }

  private static Path beside(Path file, String digest) {
    return file.resolveSibling(digest + ".safetensors");
  }
}
