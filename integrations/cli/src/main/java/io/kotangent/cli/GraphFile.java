package io.kotangent.cli;

import io.kotangent.ir.Graph;
import io.kotangent.text.GraphParser;
import io.kotangent.text.GraphText;
import io.kotangent.text.ParseException;
import io.kotangent.type.KotangentException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Graphs from text files.
final class GraphFile {
  private GraphFile() {
  }

  /// The graph of a file, the last with its bodies, and the constants in the files beside it.
  static Graph read(Path file) {
    GraphText text = GraphText.read(existing(file));
    try {
      return GraphParser.parseOne(text.text(), text.constants());
    } catch (ParseException e) {
      throw BadInput.in(file, text.text(), e);
    } catch (KotangentException e) {
      throw BadInput.in(file, e.getMessage());
    }
  }

  /// A file that is there, or a message that is shorter than the system's.
  static Path existing(Path file) {
    if (!Files.exists(file)) {
      throw BadInput.in(file, "there is no such file");
    }
    if (Files.isDirectory(file)) {
      throw BadInput.in(file, "expected a file, got a folder");
    }
    return file;
  }
}
