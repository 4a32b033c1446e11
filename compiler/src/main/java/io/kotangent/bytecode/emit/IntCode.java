package io.kotangent.bytecode.emit;

import static org.objectweb.asm.Opcodes.*;

import org.objectweb.asm.MethodVisitor;

/// Instructions on ints, in their shortest form.
final class IntCode {
  private IntCode() {
  }

  static void push(MethodVisitor out, int value) {
    if (value >= -1 && value <= 5) {
      out.visitInsn(ICONST_0 + value);
    } else if (value == (byte) value) {
      out.visitIntInsn(BIPUSH, value);
    } else if (value == (short) value) {
      out.visitIntInsn(SIPUSH, value);
    } else {
      out.visitLdcInsn(value);
    }
  }

  static void increment(MethodVisitor out, int variable, int step) {
    if (step <= Short.MAX_VALUE) {
      out.visitIincInsn(variable, step);
    } else {
      out.visitVarInsn(ILOAD, variable);
      push(out, step);
      out.visitInsn(IADD);
      out.visitVarInsn(ISTORE, variable);
    }
  }
}
