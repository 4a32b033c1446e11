package io.kotangent.bytecode;

import static org.objectweb.asm.Opcodes.*;

import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/// The method of a program class that says where a part of a range begins:
/// ```java
/// static int bound(int part, int parts, int from, int to, int grain) {
///   if (part == 0) return from;
///   if (part >= parts) return to;
///   return (int) Math.min(to, from + ((long) to - from) / grain * part / parts * grain);
/// }
/// ```
/// So all parts but the last are whole grains, and about equal; no part is shorter than a grain unless it is empty or all.
final class PartBound {
  private static final String NAME = "bound";
  private static final String DESCRIPTOR = "(IIIII)I";
  private static final int PART = 0;
  private static final int PARTS = 1;
  private static final int FROM = 2;
  private static final int TO = 3;
  private static final int GRAIN = 4;

  private PartBound() {
  }

  static void call(MethodVisitor out, String owner) {
    out.visitMethodInsn(INVOKESTATIC, owner, NAME, DESCRIPTOR, false);
  }

  static void emit(ClassWriter writer) {
    MethodCode out = new MethodCode(writer, 0, NAME, DESCRIPTOR);
    out.visitCode();
    Label later = new Label();
    Label inside = new Label();
    out.visitVarInsn(ILOAD, PART);
    out.visitJumpInsn(IFNE, later);
    out.visitVarInsn(ILOAD, FROM);
    out.visitInsn(IRETURN);
    out.visitLabel(later);
    out.visitVarInsn(ILOAD, PART);
    out.visitVarInsn(ILOAD, PARTS);
    out.visitJumpInsn(IF_ICMPLT, inside);
    out.visitVarInsn(ILOAD, TO);
    out.visitInsn(IRETURN);
    out.visitLabel(inside);
    load(out, TO);
    load(out, FROM);
    load(out, TO);
    load(out, FROM);
    out.visitInsn(LSUB);
    load(out, GRAIN);
    out.visitInsn(LDIV);
    load(out, PART);
    out.visitInsn(LMUL);
    load(out, PARTS);
    out.visitInsn(LDIV);
    load(out, GRAIN);
    out.visitInsn(LMUL);
    out.visitInsn(LADD);
    out.visitMethodInsn(INVOKESTATIC, "java/lang/Math", "min", "(JJ)J", false);
    out.visitInsn(L2I);
    out.visitInsn(IRETURN);
    out.end();
  }

  private static void load(MethodVisitor out, int local) {
    out.visitVarInsn(ILOAD, local);
    out.visitInsn(I2L);
  }
}
