package io.kotangent.bytecode.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.objectweb.asm.Opcodes.*;

import io.kotangent.bytecode.load.GeneratedLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/// The JVM verifies each class that is loaded here, so a stack map that is wrong is an error.
@Tag("fast")
final class MethodCodeTest {
  private static byte[] emit(String descriptor, Consumer<MethodCode> body) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(V17, ACC_PUBLIC, "Emitted", null, "java/lang/Object", null);
    MethodCode code = new MethodCode(writer, ACC_PUBLIC, "run", descriptor);
    code.visitCode();
    body.accept(code);
    code.end();
    writer.visitEnd();
    return writer.toByteArray();
  }

  private static Object run(byte[] bytes, Object... args) throws ReflectiveOperationException {
    Class<?> type =
        new GeneratedLoader("test").define(new EmittedClass("Emitted", bytes, List.of()));
    return type.getDeclaredMethods()[0].invoke(null, args);
  }

  /// What the method says of itself: its frames, then the depths of its stack and locals.
  private static List<String> seen(byte[] bytes) {
    List<String> seen = new ArrayList<>();
    new ClassReader(bytes).accept(new ClassVisitor(ASM9) {
      @Override
      public MethodVisitor visitMethod(int access, String name, String descriptor,
          String signature, String[] exceptions) {
        return new MethodVisitor(ASM9) {
          @Override
          public void visitFrame(int type, int locals, Object[] local, int depth, Object[] stack) {
            seen.add(switch (type) {
              case F_SAME -> "same";
              case F_SAME1 -> "one " + stack[0];
              case F_APPEND -> "append " + locals;
              case F_CHOP -> "chop " + locals;
              default -> "full " + locals + " " + depth;
            });
          }

          @Override
          public void visitMaxs(int stack, int locals) {
            seen.add(stack + " " + locals);
          }
        };
      }
    }, 0);
    return seen;
  }

  @Test
  void localsLiveUntilTheirScopeEnds() throws ReflectiveOperationException {
    byte[] bytes = emit("(I)J", code -> {
      code.visitInsn(LCONST_0);
      code.visitVarInsn(LSTORE, 1);
      code.visitInsn(ICONST_0);
      code.visitVarInsn(ISTORE, 3);
      Label top = code.top(); // a long and an int more
      Label end = new Label();
      code.visitVarInsn(ILOAD, 3);
      code.visitVarInsn(ILOAD, 0);
      code.visitJumpInsn(IF_ICMPGE, end);
      code.visitVarInsn(ILOAD, 3);
      code.visitInsn(I2D);
      code.visitVarInsn(DSTORE, 4);
      Label odd = new Label();
      code.visitVarInsn(ILOAD, 3);
      code.visitInsn(ICONST_1);
      code.visitInsn(IAND);
      code.visitJumpInsn(IFEQ, odd);
      code.visitVarInsn(LLOAD, 1);
      code.visitVarInsn(DLOAD, 4);
      code.visitInsn(D2L);
      code.visitInsn(LADD);
      code.visitVarInsn(LSTORE, 1);
      code.visitLabel(odd); // the double as well
      code.visitIincInsn(3, 1);
      code.forget(4);
      code.visitJumpInsn(GOTO, top);
      code.visitLabel(end); // without the double
      code.forget(3);
      code.visitVarInsn(LLOAD, 1);
      code.visitInsn(LRETURN);
    });
    assertEquals(List.of("append 2", "append 1", "chop 2", "4 6"), seen(bytes));
    assertEquals(25L, run(bytes, 10));
  }

  @Test
  void whatIsOnTheStackAtAJumpIsThereAtTheLabel() throws ReflectiveOperationException {
    byte[] bytes = emit("(FI)F", code -> {
      code.visitVarInsn(FLOAD, 0);
      Label no = new Label();
      Label end = new Label();
      code.visitVarInsn(ILOAD, 1);
      code.visitJumpInsn(IFEQ, no);
      code.visitInsn(ICONST_5);
      code.visitJumpInsn(GOTO, end);
      code.visitLabel(no);
      code.visitInsn(ICONST_2);
      code.visitLabel(end);
      code.visitInsn(I2F);
      code.visitInsn(FADD);
      code.visitInsn(FRETURN);
    });
    assertEquals(List.of("one " + FLOAT, "full 2 2", "2 2"), seen(bytes));
    assertEquals(5.5f, run(bytes, 0.5f, 1));
    assertEquals(2.5f, run(bytes, 0.5f, 0));
  }

  @Test
  void aLocalThatOnlyOneSideSetsIsNotThereAfterwards() throws ReflectiveOperationException {
    byte[] bytes = emit("([Ljava/lang/Object;I)I", code -> {
      Label no = new Label();
      code.visitVarInsn(ILOAD, 1);
      code.visitJumpInsn(IFEQ, no);
      code.visitVarInsn(ALOAD, 0);
      code.visitInsn(ICONST_0);
      code.visitInsn(AALOAD);
      code.visitTypeInsn(CHECKCAST, "[I");
      code.visitVarInsn(ASTORE, 4); // which leaves two that have no value
      code.visitVarInsn(ALOAD, 4);
      code.visitInsn(ICONST_0);
      code.visitInsn(IALOAD);
      code.visitInsn(IRETURN);
      code.forget(2);
      code.visitLabel(no);
      code.visitLdcInsn(7);
      code.visitInsn(IRETURN);
    });
    assertEquals(List.of("same", "2 5"), seen(bytes));
    assertEquals(9, run(bytes, new Object[] {new int[] {9}}, 1));
    assertEquals(7, run(bytes, new Object[0], 0));
  }

  @Test
  void manyLocalsAtOnceAndUnsetOnesAmongThem() throws ReflectiveOperationException {
    byte[] bytes = emit("(I)I", code -> {
      for (int slot = 2; slot < 8; slot++) {
        code.visitVarInsn(ILOAD, 0);
        code.visitVarInsn(ISTORE, slot);
      }
      Label top = code.top();
      code.visitVarInsn(ILOAD, 7);
      code.visitInsn(ICONST_1);
      code.visitInsn(IADD);
      code.visitVarInsn(ISTORE, 7);
      code.visitVarInsn(ILOAD, 7);
      code.visitInsn(ICONST_5);
      code.visitJumpInsn(IF_ICMPLT, top);
      code.visitVarInsn(ILOAD, 7);
      code.visitInsn(IRETURN);
    });
    assertEquals(List.of("full 8 0", "2 8"), seen(bytes));
    assertEquals(5, run(bytes, 1));
  }

  @Test
  void instructionsThatNobodyEmitsAreRefused() {
    assertThrows(IllegalStateException.class,
        () -> emit("()V", code -> code.visitInsn(DUP_X1)));
  }
}
