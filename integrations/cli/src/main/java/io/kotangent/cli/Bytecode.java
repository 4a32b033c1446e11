package io.kotangent.cli;

import java.io.PrintWriter;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.util.Map;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.util.Textifier;
import org.objectweb.asm.util.TraceClassVisitor;

/// The instructions of classes, as text.
final class Bytecode {
  private Bytecode() {
  }

  static void print(PrintWriter out, Map<String, byte[]> files) {
    files.forEach((path, bytes) -> {
      if (path.endsWith(".class")) {
        parsed(bytes);
        try {
          new ClassReader(bytes).accept(new TraceClassVisitor(null, new Textifier(), out), 0);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
          throw broken(path, e);
        }
      }
    });
  }

  private static BadInput broken(String path, RuntimeException e) {
    return BadInput.of(path + " is no class: " + e.getMessage());
  }

  /// The parts of a class; one that is none is bad input.
  static ClassModel parsed(byte[] bytes) {
    try {
      return ClassFile.of().parse(bytes);
    } catch (IllegalArgumentException e) {
      throw BadInput.of("there is a file that is no class: " + e.getMessage());
    }
  }
}
