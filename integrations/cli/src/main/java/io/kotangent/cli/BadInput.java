package io.kotangent.cli;

import io.kotangent.text.ParseException;
import io.kotangent.type.KotangentException;
import java.nio.file.Path;
import java.util.List;

/// Something that a user gave and can change; the message begins with its place, as compilers say it.
final class BadInput extends KotangentException {
  private static final long serialVersionUID = 1;
  private static final int WIDEST = 120;

  private BadInput(String message) {
    super(message);
  }

  /// `kotangent: error: …`
  static BadInput of(String message) {
    return new BadInput("kotangent: error: " + message);
  }

  /// `weights.safetensors: error: …`
  static BadInput in(Path file, String message) {
    return new BadInput(file + ": error: " + message);
  }

  /// `scores.csv:7: error: …`
  static BadInput in(Path file, long line, String message) {
    return new BadInput(file + ":" + line + ": error: " + message);
  }

  /// `net.txt:3:12: error: …`, the line of the text, and a caret under the column.
  static BadInput in(Path file, String text, ParseException e) {
    String head = file + ":" + e.line() + ":" + e.column() + ": error: expected " + e.expected()
        + ", got " + e.got();
    List<String> lines = text.lines().toList();
    if (e.line() > lines.size()) {
      return new BadInput(head);
    }
    String line = lines.get(e.line() - 1);
    int at = Math.min(e.column() - 1, line.length());
    int from = at > WIDEST ? at - WIDEST / 2 : 0;
    String shown = line.substring(from, Math.min(line.length(), from + WIDEST));
    StringBuilder caret = new StringBuilder();
    for (int i = from; i < at; i++) {
      caret.append(line.charAt(i) == '\t' ? '\t' : ' ');
    }
    return new BadInput(head + "\n" + shown + "\n" + caret + "^");
  }
}
