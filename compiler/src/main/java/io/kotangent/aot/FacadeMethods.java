package io.kotangent.aot;

import static org.objectweb.asm.Opcodes.*;

import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;

/// Emits the methods of a network, each in two forms: one that returns its results, and one that allocates nothing. Neither has a jump.
final class FacadeMethods {
  static final String ALONE = "io/kotangent/alone/";
  static final String STATE = ALONE + "State";
  static final String LAYOUT = ALONE + "Layout";
  static final String WORKSPACE = ALONE + "Workspace";
  static final String ENTRY = ALONE + "Entry";
  static final String REFERENCE = "java/util/concurrent/atomic/AtomicReference";
  private static final String FRAME = ALONE + "Frame";
  private static final String TENSORS = ALONE + "Tensors";

  private final String name;
  private final ClassWriter writer;

  /// @param name of the network's class, with slashes
  FacadeMethods(String name, ClassWriter writer) {
    this.name = name;
    this.writer = writer;
  }

  static String object(String type) {
    return "L" + type + ";";
  }

  static void push(MethodVisitor out, int value) {
    out.visitLdcInsn(value);
  }

  static void end(MethodVisitor out) {
    out.visitMaxs(0, 0);
    out.visitEnd();
  }

  void emit(Method method) {
    plain(method);
    inWorkspace(method);
  }

  private MethodVisitor begin(String method, List<String> parameters, String result) {
    MethodVisitor out = writer.visitMethod(ACC_PUBLIC, method,
        "(" + String.join("", parameters) + ")" + result, null, null);
    out.visitCode();
    return out;
  }

  private void field(MethodVisitor out, String field, String descriptor) {
    out.visitVarInsn(ALOAD, 0);
    out.visitFieldInsn(GETFIELD, name, field, descriptor);
  }

  /// `float[] predict(float[] pixels)`
  private void plain(Method method) {
    List<String> parameters = new ArrayList<>();
    method.sizes().forEach(size -> parameters.add("I"));
    addInputs(method, parameters);
    MethodVisitor out = begin(method.name(), parameters, returned(method));
    Locals locals = new Locals(out, parameters);
    int workspace = locals.next("A");
    field(out, "spare", object(REFERENCE));
    field(out, "entries", "[" + object(ENTRY));
    out.visitMethodInsn(INVOKESTATIC, WORKSPACE, "take",
        "(" + object(REFERENCE) + "[" + object(ENTRY) + ")" + object(WORKSPACE), false);
    out.visitVarInsn(ASTORE, workspace);
    int frame = locals.next("A");
    beginFrame(out, workspace, frame, method);
    for (String size : method.sizes()) {
      size(out, locals, frame, method.allSizes().indexOf(size));
    }
    inputs(out, locals, frame, method);
    out.visitVarInsn(ALOAD, frame);
    out.visitMethodInsn(INVOKEVIRTUAL, FRAME, "solve", "()" + object(FRAME), false);
    out.visitInsn(POP);
    int first = frame + 1;
    newResults(out, method, frame, first);
    out.visitVarInsn(ALOAD, frame);
    field(out, "state", object(STATE));
    out.visitMethodInsn(INVOKEVIRTUAL, FRAME, method.updates() ? "commit" : "read",
        "(" + object(STATE) + ")V", false);
    field(out, "spare", object(REFERENCE));
    out.visitVarInsn(ALOAD, workspace);
    out.visitMethodInsn(INVOKEVIRTUAL, REFERENCE, "set", "(Ljava/lang/Object;)V", false);
    leave(out, method, first);
    end(out);
  }

  private static void addInputs(Method method, List<String> parameters) {
    method.inputs().forEach(input -> parameters.add(descriptor(input)));
    if (method.takesTensors()) {
      parameters.add(object(TENSORS));
    }
  }

  private String returned(Method method) {
    return method.returnsSeveral() ? object(resultClass(name, method))
        : method.givesTensors() ? object(TENSORS)
            : method.results().isEmpty() ? "V" : descriptor(method.results().getFirst());
  }

  private static void newResults(MethodVisitor out, Method method, int frame, int first) {
    for (int i = 0; i < method.results().size(); i++) {
      out.visitVarInsn(ALOAD, frame);
      push(out, method.results().get(i).index());
      out.visitMethodInsn(INVOKEVIRTUAL, FRAME, "newResult", "(I)Ljava/lang/Object;", false);
      out.visitTypeInsn(CHECKCAST, array(method.results().get(i)));
      out.visitVarInsn(ASTORE, first + i);
    }
    if (method.givesTensors()) {
      out.visitVarInsn(ALOAD, frame);
      out.visitMethodInsn(INVOKEVIRTUAL, FRAME, "newTensors", "()" + object(TENSORS), false);
      out.visitVarInsn(ASTORE, first + method.results().size());
    }
  }

  private void leave(MethodVisitor out, Method method, int first) {
    if (method.returnsSeveral()) {
      out.visitTypeInsn(NEW, resultClass(name, method));
      out.visitInsn(DUP);
      results(out, method, first);
      out.visitMethodInsn(INVOKESPECIAL, resultClass(name, method), "<init>",
          "(" + String.join("", fields(method).values()) + ")V", false);
      out.visitInsn(ARETURN);
      return;
    }
    results(out, method, first);
    boolean number = method.results().size() == 1 && method.results().getFirst().isNumber();
    out.visitInsn(number ? returned(method.results().getFirst().dtype())
        : method.results().isEmpty() && !method.givesTensors() ? RETURN : ARETURN);
  }

  /// Loads all results: numbers, arrays, tensors.
  private static void results(MethodVisitor out, Method method, int first) {
    for (int i = 0; i < method.results().size(); i++) {
      Method.Argument result = method.results().get(i);
      out.visitVarInsn(ALOAD, first + i);
      if (result.isNumber()) {
        push(out, 0);
        out.visitInsn(arrayLoad(result.dtype()));
      }
    }
    if (method.givesTensors()) {
      out.visitVarInsn(ALOAD, first + method.results().size());
    }
  }

  /// `void predict(int batch, float[] pixels, float[] scores, Workspace workspace)`
  private void inWorkspace(Method method) {
    List<String> parameters = new ArrayList<>();
    method.allSizes().forEach(size -> parameters.add("I"));
    addInputs(method, parameters);
    method.results().forEach(result -> parameters.add(array(result)));
    if (method.givesTensors()) {
      parameters.add(object(TENSORS));
    }
    parameters.add(object(WORKSPACE));
    MethodVisitor out = begin(method.name(), parameters, method.updates() ? "Z" : "V");
    Locals locals = new Locals(out, parameters);
    int frame = locals.next("A");
    beginFrame(out, frame - 1, frame, method);
    for (int i = 0; i < method.allSizes().size(); i++) {
      size(out, locals, frame, i);
    }
    inputs(out, locals, frame, method);
    for (int i = 0; i < method.results().size(); i++) {
      out.visitVarInsn(ALOAD, frame);
      push(out, method.results().get(i).index());
      locals.load();
      out.visitMethodInsn(INVOKEVIRTUAL, FRAME, "result", "(ILjava/lang/Object;)" + object(FRAME),
          false);
      out.visitInsn(POP);
    }
    if (method.givesTensors()) {
      tensors(out, locals, frame, "results");
    }
    out.visitVarInsn(ALOAD, frame);
    field(out, "state", object(STATE));
    out.visitMethodInsn(INVOKEVIRTUAL, FRAME, method.updates() ? "update" : "read",
        "(" + object(STATE) + ")" + (method.updates() ? "Z" : "V"), false);
    out.visitInsn(method.updates() ? IRETURN : RETURN);
    end(out);
  }

  private static void beginFrame(MethodVisitor out, int workspace, int frame, Method method) {
    out.visitVarInsn(ALOAD, workspace);
    push(out, method.entry());
    out.visitLdcInsn(method.name());
    out.visitMethodInsn(INVOKESTATIC, WORKSPACE, "begin",
        "(" + object(WORKSPACE) + "ILjava/lang/String;)" + object(FRAME), false);
    out.visitVarInsn(ASTORE, frame);
  }

  private static void size(MethodVisitor out, Locals locals, int frame, int index) {
    out.visitVarInsn(ALOAD, frame);
    push(out, index);
    locals.load();
    out.visitMethodInsn(INVOKEVIRTUAL, FRAME, "size", "(II)" + object(FRAME), false);
    out.visitInsn(POP);
  }

  private static void inputs(MethodVisitor out, Locals locals, int frame, Method method) {
    for (int i = 0; i < method.inputs().size(); i++) {
      Method.Argument input = method.inputs().get(i);
      out.visitVarInsn(ALOAD, frame);
      push(out, input.index());
      locals.load();
      String type = input.isNumber() ? descriptor(input) : "Ljava/lang/Object;";
      out.visitMethodInsn(INVOKEVIRTUAL, FRAME, input.isNumber() ? "number" : "input",
          "(I" + type + ")" + object(FRAME), false);
      out.visitInsn(POP);
    }
    if (method.takesTensors()) {
      tensors(out, locals, frame, "inputs");
    }
  }

  private static void tensors(MethodVisitor out, Locals locals, int frame, String bind) {
    out.visitVarInsn(ALOAD, frame);
    locals.load();
    out.visitMethodInsn(INVOKEVIRTUAL, FRAME, bind, "(" + object(TENSORS) + ")" + object(FRAME),
        false);
    out.visitInsn(POP);
  }

  // ---- several results

  /// The fields of the class of several results, with their types.
  private static Map<String, String> fields(Method method) {
    Map<String, String> fields = new LinkedHashMap<>();
    method.results().forEach(result -> fields.put(result.name(), descriptor(result)));
    if (method.givesTensors()) {
      fields.put("tensors", object(TENSORS));
    }
    return fields;
  }

  static String resultClass(String name, Method method) {
    return name + "$" + ResultNames.simple(method);
  }

  /// A class with a field for each result.
  static byte[] resultClass(String name, Method method, int version) {
    String type = resultClass(name, method);
    ClassWriter fields = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    fields.visit(version, ACC_PUBLIC | ACC_FINAL | ACC_SUPER, type, null, "java/lang/Object", null);
    Map<String, String> types = fields(method);
    types.forEach((field, descriptor) -> fields
        .visitField(ACC_PUBLIC | ACC_FINAL, field, descriptor, null, null).visitEnd());
    String parameters = "(" + String.join("", types.values()) + ")V";
    MethodVisitor out = fields.visitMethod(0, "<init>", parameters, null, null);
    out.visitCode();
    out.visitVarInsn(ALOAD, 0);
    out.visitMethodInsn(INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
    Locals locals = new Locals(out, List.copyOf(types.values()));
    types.forEach((field, descriptor) -> {
      out.visitVarInsn(ALOAD, 0);
      locals.load();
      out.visitFieldInsn(PUTFIELD, type, field, descriptor);
    });
    out.visitInsn(RETURN);
    end(out);
    fields.visitEnd();
    return fields.toByteArray();
  }

  // ---- types

  private static String descriptor(Method.Argument argument) {
    return argument.isNumber() ? array(argument).substring(1) : array(argument);
  }

  private static String array(Method.Argument argument) {
    return switch (argument.dtype()) {
      case F32 -> "[F";
      case F64 -> "[D";
      case I32 -> "[I";
      case I64 -> "[J";
      case BOOL -> "[Z";
    };
  }

  private static int arrayLoad(DType dtype) {
    return switch (dtype) {
      case F32 -> FALOAD;
      case F64 -> DALOAD;
      case I32 -> IALOAD;
      case I64 -> LALOAD;
      case BOOL -> BALOAD;
    };
  }

  private static int returned(DType dtype) {
    return switch (dtype) {
      case F32 -> FRETURN;
      case F64 -> DRETURN;
      case I32, BOOL -> IRETURN;
      case I64 -> LRETURN;
    };
  }

  /// The parameters of an instance method, loaded one after the other, and what comes after them.
  private static final class Locals {
    private final MethodVisitor out;
    private final List<String> parameters;
    private int loaded;
    private int at = 1;
    private int free = 1;

    Locals(MethodVisitor out, List<String> parameters) {
      this.out = out;
      this.parameters = parameters;
      parameters.forEach(this::next);
    }

    int next(String descriptor) {
      int slot = free;
      free += width(descriptor);
      return slot;
    }

    private static int width(String descriptor) {
      return descriptor.equals("D") || descriptor.equals("J") ? 2 : 1;
    }

    void load() {
      String descriptor = parameters.get(loaded++);
      out.visitVarInsn(switch (descriptor) {
        case "F" -> FLOAD;
        case "D" -> DLOAD;
        case "I", "Z" -> ILOAD;
        case "J" -> LLOAD;
        default -> ALOAD;
      }, at);
      at += width(descriptor);
    }
  }
}
