package io.kotangent.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.function.Supplier;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.util.Textifier;
import org.objectweb.asm.util.TraceClassVisitor;

/// The instructions of classes, as text.
final class Bytecode {
  private Bytecode() {
  }

  static void print(PrintWriter out, Map<String, byte[]> files) {
    StringWriter text = new StringWriter();
    files.forEach((path, bytes) -> {
      if (path.endsWith(".class")) {
        text.write(read(path, () -> text(bytes)));
      }
    });
    out.print(text);
  }

  private static String text(byte[] type) {
    StringWriter text = new StringWriter();
    new ClassReader(type)
        .accept(new TraceClassVisitor(null, new Textifier(), new PrintWriter(text)), 0);
    return text.toString();
  }

  /// What a reader makes of a class. Of a damaged one, readers of classes throw whatever they happen to meet: it is bad input.
  static <T> T read(String path, Supplier<T> reader) {
    try {
      return reader.get();
    } catch (RuntimeException e) {
      throw BadInput.of(path + " is damaged, no class can be read: " + e);
    }
  }
}
