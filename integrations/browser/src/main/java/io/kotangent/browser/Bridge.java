package io.kotangent.browser;

import static org.objectweb.asm.Opcodes.*;

import io.kotangent.browser.NetworkMethod.Kind;
import io.kotangent.browser.NetworkMethod.Value;
import io.kotangent.browser.wasm.Arithmetic;
import io.kotangent.browser.wasm.Text;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/// The class that JavaScript calls: static methods of typed arrays, around one network.
///
/// - `load(weights)`, and for a network that learns `restore(weights)` and `save()`, which keeps what it gives for `saved()`;
/// - `call0(…)`, `call1(…)` … for its methods, which keep what they return for
/// - `result0_0()`, `result0_1()` … for their results.
///
/// What may fail returns what is wrong, or null. Numbers cross in arrays of one element, so that all of them keep their bits.
final class Bridge {
  private static final String ARITHMETIC = Type.getInternalName(Arithmetic.class);
  private static final String BYTES = "org/teavm/jso/typedarrays/Int8Array";
  private static final String STRING = "Ljava/lang/String;";
  private static final String THROWABLE = "java/lang/Throwable";

  private final NetworkClasses network;
  private final String name;
  private final Map<String, String> returned = new HashMap<>();
  private final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);

  private Bridge(NetworkClasses network) {
    this.network = network;
    this.name = name(network);
    new ClassReader(network.classes().get(network.facade())).accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public MethodVisitor visitMethod(int access, String method, String descriptor,
              String signature, String[] exceptions) {
            returned.put(method + arguments(descriptor),
                Type.getReturnType(descriptor).getDescriptor());
            return super.visitMethod(access, method, descriptor, signature, exceptions);
          }
        }, ClassReader.SKIP_CODE);
  }

  private static String arguments(String descriptor) {
    return descriptor.substring(0, descriptor.indexOf(')') + 1);
  }

  static String name(NetworkClasses network) {
    return network.facade() + "$Browser";
  }

  static byte[] of(NetworkClasses network) {
    return new Bridge(network).emit();
  }

  private byte[] emit() {
    writer.visit(V17, ACC_PUBLIC | ACC_FINAL | ACC_SUPER, name, null, "java/lang/Object", null);
    writer.visitField(ACC_PRIVATE | ACC_STATIC, "network", object(network.facade()), null, null);
    load();
    if (network.learns()) {
      learning();
    }
    List<NetworkMethod> methods = network.methods();
    for (int i = 0; i < methods.size(); i++) {
      method(i, methods.get(i));
    }
    writer.visitEnd();
    return writer.toByteArray();
  }

  private MethodVisitor export(String method, String descriptor) {
    MethodVisitor out = writer.visitMethod(ACC_PUBLIC | ACC_STATIC, method, descriptor, null, null);
    out.visitAnnotation("Lorg/teavm/jso/JSExport;", true).visitEnd();
    out.visitCode();
    return out;
  }

  /// A method that returns the message of what it throws. (TeaVM's exceptions in JavaScript have none.)
  private void attempt(String method, List<String> arguments, Consumer<MethodVisitor> body) {
    MethodVisitor out = export(method, arguments.stream().map(Bridge::object)
        .collect(Collectors.joining("", "(", ")")) + STRING);
    Label start = new Label();
    Label end = new Label();
    Label caught = new Label();
    out.visitTryCatchBlock(start, end, caught, THROWABLE);
    out.visitLabel(start);
    body.accept(out);
    out.visitInsn(ACONST_NULL);
    out.visitLabel(end);
    out.visitInsn(ARETURN);
    out.visitLabel(caught);
    out.visitFrame(F_FULL, arguments.size(), arguments.toArray(), 1, new Object[] {THROWABLE});
    out.visitMethodInsn(INVOKESTATIC, Type.getInternalName(Text.class), "of",
        "(" + object(THROWABLE) + ")" + STRING, false);
    out.visitInsn(ARETURN);
    end(out);
  }

  private static void end(MethodVisitor out) {
    out.visitMaxs(0, 0);
    out.visitEnd();
  }

  private void load() {
    attempt("load", List.of(BYTES), out -> {
      out.visitVarInsn(ALOAD, 0);
      out.visitMethodInsn(INVOKEVIRTUAL, BYTES, "copyToJavaArray", "()[B", false);
      out.visitMethodInsn(INVOKESTATIC, network.facade(), "withWeights",
          "([B)" + object(network.facade()), false);
      out.visitFieldInsn(PUTSTATIC, name, "network", object(network.facade()));
    });
  }

  private void learning() {
    String state = network.facade() + "$State";
    attempt("restore", List.of(BYTES), out -> {
      state(out, state);
      out.visitVarInsn(ALOAD, 0);
      out.visitMethodInsn(INVOKEVIRTUAL, BYTES, "copyToJavaArray", "()[B", false);
      out.visitMethodInsn(INVOKEVIRTUAL, state, "load", "([B)V", false);
    });
    writer.visitField(ACC_PRIVATE | ACC_STATIC, "saved", "[B", null, null);
    attempt("save", List.of(), out -> {
      state(out, state);
      out.visitMethodInsn(INVOKEVIRTUAL, state, "bytes", "()[B", false);
      out.visitFieldInsn(PUTSTATIC, name, "saved", "[B");
    });
    MethodVisitor saved = export("saved", "()" + object(BYTES));
    saved.visitFieldInsn(GETSTATIC, name, "saved", "[B");
    saved.visitMethodInsn(INVOKESTATIC, BYTES, "copyFromJavaArray", "([B)" + object(BYTES), false);
    saved.visitInsn(ARETURN);
    end(saved);
  }

  private void state(MethodVisitor out, String state) {
    out.visitFieldInsn(GETSTATIC, name, "network", object(network.facade()));
    out.visitMethodInsn(INVOKEVIRTUAL, network.facade(), "state", "()" + object(state), false);
  }

  private void method(int index, NetworkMethod method) {
    String given = method.takes().stream()
        .map(value -> (value.isNumber() ? "" : "[") + value.kind().element())
        .collect(Collectors.joining("", "(", ")"));
    String type = returned.get(method.name() + given);
    List<String> crossing = method.takes().stream().map(value -> value.kind().array()).toList();
    attempt("call" + index, crossing, out -> {
      out.visitFieldInsn(GETSTATIC, name, "network", object(network.facade()));
      for (int i = 0; i < crossing.size(); i++) {
        out.visitVarInsn(ALOAD, i);
        toJava(out, method.takes().get(i));
      }
      out.visitMethodInsn(INVOKEVIRTUAL, network.facade(), method.name(), given + type, false);
      if (!method.gives().isEmpty()) {
        out.visitFieldInsn(PUTSTATIC, name, "result" + index, type);
      }
    });
    if (!method.gives().isEmpty()) {
      writer.visitField(ACC_PRIVATE | ACC_STATIC, "result" + index, type, null, null);
    }
    for (int i = 0; i < method.gives().size(); i++) {
      result(index, i, type, method.gives().get(i));
    }
  }

  private void result(int method, int index, String type, Value value) {
    Kind kind = value.kind();
    MethodVisitor out = export("result" + method + "_" + index, "()" + object(kind.array()));
    if (value.isNumber()) {
      out.visitInsn(ICONST_1);
      out.visitIntInsn(NEWARRAY, arrayType(kind));
      out.visitInsn(DUP);
      out.visitInsn(ICONST_0);
    }
    out.visitFieldInsn(GETSTATIC, name, "result" + method, type);
    if (!value.name().isEmpty()) {
      out.visitFieldInsn(GETFIELD, Type.getType(type).getInternalName(), value.name(),
          (value.isNumber() ? "" : "[") + kind.element());
    }
    if (value.isNumber()) {
      out.visitInsn(Type.getType(kind.element()).getOpcode(IASTORE));
    }
    if (kind == Kind.BOOL) {
      out.visitMethodInsn(INVOKESTATIC, ARITHMETIC, "bytes", "([Z)[B", false);
    }
    out.visitMethodInsn(INVOKESTATIC, kind.array(), "copyFromJavaArray",
        "([" + kind.crossing() + ")" + object(kind.array()), false);
    out.visitInsn(ARETURN);
    end(out);
  }

  private static void toJava(MethodVisitor out, Value value) {
    Kind kind = value.kind();
    out.visitMethodInsn(INVOKEVIRTUAL, kind.array(), "copyToJavaArray", "()[" + kind.crossing(),
        false);
    if (kind == Kind.BOOL) {
      out.visitMethodInsn(INVOKESTATIC, ARITHMETIC, "booleans", "([B)[Z", false);
    }
    if (value.isNumber()) {
      out.visitInsn(ICONST_0);
      out.visitInsn(Type.getType(kind.element()).getOpcode(IALOAD));
    }
  }

  private static int arrayType(Kind kind) {
    return switch (kind) {
      case F32 -> T_FLOAT;
      case F64 -> T_DOUBLE;
      case I32 -> T_INT;
      case I64 -> T_LONG;
      case BOOL -> T_BOOLEAN;
    };
  }

  private static String object(String type) {
    return "L" + type + ";";
  }
}
