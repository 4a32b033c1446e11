package io.kotangent.bytecode.emit;

import static org.objectweb.asm.Opcodes.*;

import java.lang.reflect.Method;
import java.util.List;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/// Emits a `Consumer<Object[]>` that calls the entry of a kernel with arguments that are in an array.
public final class EntryCallEmitter {
  private static final String ARGUMENTS = "[Ljava/lang/Object;";

  private EntryCallEmitter() {
  }

  public static EmittedClass emit(Method entry) {
    String kernel = Type.getInternalName(entry.getDeclaringClass());
    String name = kernel + "_call";
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    writer.visit(V17, ACC_PUBLIC | ACC_FINAL | ACC_SUPER, name, null, "java/lang/Object",
        new String[] {"java/util/function/Consumer"});
    EmittedClass.Method init = ProgramEmitter.constructor(writer);
    MethodVisitor accept =
        writer.visitMethod(ACC_PUBLIC, "accept", "(Ljava/lang/Object;)V", null, null);
    accept.visitCode();
    Class<?>[] parameters = entry.getParameterTypes();
    for (int i = 0; i < parameters.length; i++) {
      accept.visitVarInsn(ALOAD, 1);
      accept.visitTypeInsn(CHECKCAST, ARGUMENTS);
      IntCode.push(accept, i);
      accept.visitInsn(AALOAD);
      unbox(accept, parameters[i]);
    }
    accept.visitMethodInsn(INVOKESTATIC, kernel, "run", Type.getMethodDescriptor(entry), false);
    accept.visitInsn(RETURN);
    int size = ProgramEmitter.end(accept);
    writer.visitEnd();
    return new EmittedClass(name, writer.toByteArray(),
        List.of(init, new EmittedClass.Method("accept", size)));
  }

  private static void unbox(MethodVisitor out, Class<?> type) {
    if (!type.isPrimitive()) {
      out.visitTypeInsn(CHECKCAST, Type.getInternalName(type));
      return;
    }
    boolean truth = type == boolean.class;
    String box = truth ? "java/lang/Boolean" : "java/lang/Number";
    out.visitTypeInsn(CHECKCAST, box);
    out.visitMethodInsn(INVOKEVIRTUAL, box, type.getName() + "Value",
        "()" + Type.getDescriptor(type), false);
  }
}
