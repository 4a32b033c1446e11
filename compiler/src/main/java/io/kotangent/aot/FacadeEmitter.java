package io.kotangent.aot;

import static io.kotangent.aot.FacadeMethods.ENTRY;
import static io.kotangent.aot.FacadeMethods.LAYOUT;
import static io.kotangent.aot.FacadeMethods.REFERENCE;
import static io.kotangent.aot.FacadeMethods.STATE;
import static io.kotangent.aot.FacadeMethods.WORKSPACE;
import static io.kotangent.aot.FacadeMethods.end;
import static io.kotangent.aot.FacadeMethods.object;
import static io.kotangent.aot.FacadeMethods.push;
import static org.objectweb.asm.Opcodes.*;

import io.kotangent.bytecode.emit.StringPieces;
import java.util.List;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/// Emits the class that a network's users see: how it is loaded, and its methods ([FacadeMethods]).
final class FacadeEmitter {
  private static final String[] IO = {"java/io/IOException"};
  private static final int LONGEST_STRING = 20_000;

  private final String name;
  private final List<String> entries;
  private final boolean learns;
  private final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);

  /// @param name of the class, with slashes
  /// @param entries the classes of its programs' entries
  /// @param learns whether users see the state
  FacadeEmitter(String name, List<String> entries, int version, boolean learns) {
    this.name = name;
    this.learns = learns;
    this.entries = entries;
    writer.visit(version, ACC_PUBLIC | ACC_FINAL | ACC_SUPER, name, null, "java/lang/Object", null);
  }

  /// @param layout what `io.kotangent.alone.Layout` reads
  byte[] emit(List<Method> methods, String layout, Weights weights) {
    fields(layout);
    constructor();
    loading(weights);
    accessors();
    FacadeMethods facade = new FacadeMethods(name, writer);
    methods.forEach(facade::emit);
    writer.visitEnd();
    return writer.toByteArray();
  }

  private MethodVisitor begin(int access, String method, String descriptor, String... thrown) {
    MethodVisitor out = writer.visitMethod(access, method, descriptor, null, thrown);
    out.visitCode();
    return out;
  }

  private void fields(String layout) {
    writer.visitField(ACC_PRIVATE | ACC_STATIC | ACC_FINAL, "LAYOUT", object(LAYOUT), null, null);
    writer.visitField(ACC_PRIVATE | ACC_FINAL, "entries", "[" + object(ENTRY), null, null);
    writer.visitField(ACC_PRIVATE | ACC_FINAL, "state", object(STATE), null, null);
    writer.visitField(ACC_PRIVATE | ACC_FINAL, "spare", object(REFERENCE), null, null);
    MethodVisitor out = begin(ACC_STATIC, "<clinit>", "()V");
    out.visitTypeInsn(NEW, LAYOUT);
    out.visitInsn(DUP);
    StringPieces.array(out, StringPieces.of(layout, LONGEST_STRING));
    out.visitMethodInsn(INVOKESPECIAL, LAYOUT, "<init>", "([Ljava/lang/String;)V", false);
    out.visitFieldInsn(PUTSTATIC, name, "LAYOUT", object(LAYOUT));
    out.visitInsn(RETURN);
    end(out);
  }

  private void constructor() {
    MethodVisitor out = begin(learns ? ACC_PUBLIC : 0, "<init>", "(" + object(STATE) + ")V");
    out.visitVarInsn(ALOAD, 0);
    out.visitMethodInsn(INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
    out.visitVarInsn(ALOAD, 0);
    out.visitVarInsn(ALOAD, 1);
    layout(out);
    out.visitMethodInsn(INVOKESTATIC, STATE, "of",
        "(" + object(STATE) + object(LAYOUT) + ")" + object(STATE), false);
    out.visitFieldInsn(PUTFIELD, name, "state", object(STATE));
    out.visitVarInsn(ALOAD, 0);
    push(out, entries.size());
    out.visitTypeInsn(ANEWARRAY, ENTRY);
    for (int i = 0; i < entries.size(); i++) {
      out.visitInsn(DUP);
      push(out, i);
      construct(out, entries.get(i));
      out.visitInsn(AASTORE);
    }
    out.visitFieldInsn(PUTFIELD, name, "entries", "[" + object(ENTRY));
    out.visitVarInsn(ALOAD, 0);
    construct(out, REFERENCE);
    out.visitFieldInsn(PUTFIELD, name, "spare", object(REFERENCE));
    out.visitInsn(RETURN);
    end(out);
  }

  private static void construct(MethodVisitor out, String type) {
    out.visitTypeInsn(NEW, type);
    out.visitInsn(DUP);
    out.visitMethodInsn(INVOKESPECIAL, type, "<init>", "()V", false);
  }

  private void layout(MethodVisitor out) {
    out.visitFieldInsn(GETSTATIC, name, "LAYOUT", object(LAYOUT));
  }

  private void loading(Weights weights) {
    MethodVisitor load = begin(ACC_PUBLIC | ACC_STATIC, "load", "()" + object(name));
    made(load, () -> {
      layout(load);
      load.visitLdcInsn(Type.getObjectType(name));
      load.visitLdcInsn(weights.resource());
      push(load, weights.length());
      push(load, weights.crc());
      load.visitMethodInsn(INVOKESTATIC, STATE, "ofResource",
          "(" + object(LAYOUT) + "Ljava/lang/Class;Ljava/lang/String;II)" + object(STATE), false);
    });
    MethodVisitor file = begin(ACC_PUBLIC | ACC_STATIC, "withWeights",
        "(Ljava/nio/file/Path;)" + object(name), IO);
    made(file, () -> {
      layout(file);
      file.visitVarInsn(ALOAD, 0);
      file.visitMethodInsn(INVOKESTATIC, STATE, "ofFile",
          "(" + object(LAYOUT) + "Ljava/nio/file/Path;)" + object(STATE), false);
    });
    MethodVisitor bytes =
        begin(ACC_PUBLIC | ACC_STATIC, "withWeights", "([B)" + object(name), IO);
    made(bytes, () -> {
      layout(bytes);
      bytes.visitVarInsn(ALOAD, 0);
      bytes.visitMethodInsn(INVOKESTATIC, STATE, "ofBytes",
          "(" + object(LAYOUT) + "[B)" + object(STATE), false);
    });
  }

  private void made(MethodVisitor out, Runnable state) {
    out.visitTypeInsn(NEW, name);
    out.visitInsn(DUP);
    state.run();
    out.visitMethodInsn(INVOKESPECIAL, name, "<init>", "(" + object(STATE) + ")V", false);
    out.visitInsn(ARETURN);
    end(out);
  }

  private void accessors() {
    MethodVisitor state = begin(learns ? ACC_PUBLIC : 0, "state", "()" + object(STATE));
    field(state, "state", object(STATE));
    state.visitInsn(ARETURN);
    end(state);
    MethodVisitor workspace = begin(ACC_PUBLIC, "newWorkspace", "()" + object(WORKSPACE));
    workspace.visitTypeInsn(NEW, WORKSPACE);
    workspace.visitInsn(DUP);
    field(workspace, "entries", "[" + object(ENTRY));
    workspace.visitMethodInsn(INVOKESPECIAL, WORKSPACE, "<init>", "([" + object(ENTRY) + ")V",
        false);
    workspace.visitInsn(ARETURN);
    end(workspace);
  }

  private void field(MethodVisitor out, String field, String descriptor) {
    out.visitVarInsn(ALOAD, 0);
    out.visitFieldInsn(GETFIELD, name, field, descriptor);
  }
}
