package io.kotangent.bytecode.emit;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.MethodVisitor;

/// Long texts in class files, where one constant has at most 65 535 bytes.
public final class StringPieces {
  private StringPieces() {
  }

  /// Pieces of at most so many chars, at least two; no pair of surrogates is cut.
  public static List<String> of(String text, int longest) {
    List<String> pieces = new ArrayList<>();
    int to;
    for (int from = 0; from < text.length(); from = to) {
      to = Math.min(text.length(), from + longest);
      if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
        to--;
      }
      pieces.add(text.substring(from, to));
    }
    return pieces;
  }

  /// Leaves an array of them on the stack.
  public static void array(MethodVisitor out, List<String> pieces) {
    IntCode.push(out, pieces.size());
    out.visitTypeInsn(ANEWARRAY, "java/lang/String");
    for (int i = 0; i < pieces.size(); i++) {
      out.visitInsn(DUP);
      IntCode.push(out, i);
      out.visitLdcInsn(pieces.get(i));
      out.visitInsn(AASTORE);
    }
  }
}
