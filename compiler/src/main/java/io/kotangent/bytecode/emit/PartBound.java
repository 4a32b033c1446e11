package io.kotangent.bytecode.emit;

import static org.objectweb.asm.Opcodes.*;

import java.util.List;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/// The methods of a program class that say what part of a range a thread does:
/// ```java
/// static long part(int thread, int threads, long work, long least, int from, int to, int grain) {
///   if (threads == 1) return (long) from << 32 | to;
///   int parts = (int) Math.min(threads, work / least);
///   return (long) bound(thread, parts, from, to, grain) << 32 | bound(thread + 1, parts, from, to, grain);
/// }
///
/// static int bound(int part, int parts, int from, int to, int grain) {
///   if (part == 0) return from;
///   if (part >= parts) return to;
///   return (int) Math.min(to, from + ((long) to - from) / grain * part / parts * grain);
/// }
/// ```
/// So all parts but the last are whole grains, and about equal; no part is shorter than a grain unless it is empty or all. The first is
/// not copied into its callers: that would be half of what C2 compiles of a program.
final class PartBound {
  private static final String BOUND = "bound";
  private static final String BOUND_DESCRIPTOR = "(IIIII)I";
  private static final int PART = 0;
  private static final int PARTS = 1;
  private static final int FROM = 2;
  private static final int TO = 3;
  private static final int GRAIN = 4;
  private static final int HALF = 32;

  private PartBound() {
  }

  /// What it leaves is the bounds in a long, for [#from] and [#to].
  static void call(MethodVisitor out, String owner) {
    out.visitMethodInsn(INVOKESTATIC, owner, Whole.NAME, Whole.DESCRIPTOR, false);
  }

  static void from(MethodVisitor out, int slot) {
    out.visitVarInsn(LLOAD, slot);
    IntCode.push(out, HALF);
    out.visitInsn(LSHR);
    out.visitInsn(L2I);
  }

  static void to(MethodVisitor out, int slot) {
    out.visitVarInsn(LLOAD, slot);
    out.visitInsn(L2I);
  }

  /// The method that is called, and its arguments.
  private static final class Whole {
    private static final String NAME = "share";
    private static final String DESCRIPTOR = "(IIJJIII)J";
    private static final int THREAD = 0;
    private static final int THREADS = 1;
    private static final int WORK = 2;
    private static final int LEAST = 4;
    private static final int FROM = 6;
    private static final int TO = 7;
    private static final int GRAIN = 8;
    private static final int PARTS = 9;

    private Whole() {
    }
  }

  /// Emits both.
  ///
  /// @param compact whether C2 may copy the first into its callers
  static List<EmittedClass.Method> emit(ClassWriter writer, String owner, boolean compact) {
    return List.of(new EmittedClass.Method(Whole.NAME, emitWhole(writer, owner, compact)),
        new EmittedClass.Method(BOUND, emitBound(writer)));
  }

  private static int emitWhole(ClassWriter writer, String owner, boolean compact) {
    MethodCode out = new MethodCode(writer, 0, Whole.NAME, Whole.DESCRIPTOR);
    out.visitCode();
    Label several = new Label();
    out.visitVarInsn(ILOAD, Whole.THREADS);
    out.visitInsn(ICONST_1);
    out.visitJumpInsn(IF_ICMPNE, several);
    pack(out, () -> out.visitVarInsn(ILOAD, Whole.FROM), () -> out.visitVarInsn(ILOAD, Whole.TO));
    out.visitLabel(several);
    load(out, Whole.THREADS);
    out.visitVarInsn(LLOAD, Whole.WORK);
    out.visitVarInsn(LLOAD, Whole.LEAST);
    out.visitInsn(LDIV);
    out.visitMethodInsn(INVOKESTATIC, "java/lang/Math", "min", "(JJ)J", false);
    out.visitInsn(L2I);
    out.visitVarInsn(ISTORE, Whole.PARTS);
    pack(out, () -> bound(out, owner, 0), () -> bound(out, owner, 1));
    int size = compact ? out.length() : out.lengthen();
    out.end();
    return size;
  }

  private static void bound(MethodVisitor out, String owner, int more) {
    out.visitVarInsn(ILOAD, Whole.THREAD);
    IntCode.push(out, more);
    out.visitInsn(IADD);
    for (int local : new int[] {Whole.PARTS, Whole.FROM, Whole.TO, Whole.GRAIN}) {
      out.visitVarInsn(ILOAD, local);
    }
    out.visitMethodInsn(INVOKESTATIC, owner, BOUND, BOUND_DESCRIPTOR, false);
  }

  private static void pack(MethodVisitor out, Runnable from, Runnable to) {
    from.run();
    out.visitInsn(I2L);
    IntCode.push(out, HALF);
    out.visitInsn(LSHL);
    to.run();
    out.visitInsn(I2L);
    out.visitLdcInsn((1L << HALF) - 1);
    out.visitInsn(LAND);
    out.visitInsn(LOR);
    out.visitInsn(LRETURN);
  }

  private static int emitBound(ClassWriter writer) {
    MethodCode out = new MethodCode(writer, 0, BOUND, BOUND_DESCRIPTOR);
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
    Label end = new Label();
    out.visitLabel(end);
    out.end();
    return end.getOffset();
  }

  private static void load(MethodVisitor out, int local) {
    out.visitVarInsn(ILOAD, local);
    out.visitInsn(I2L);
  }
}
