package io.kotangent.aot;

import static org.objectweb.asm.Opcodes.*;

import io.kotangent.bytecode.emit.StringPieces;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/// Emits the class that a network's users see: how it is loaded, and a method for each thing that it does, in two forms: one that
/// returns its results, and one that allocates nothing.
final class FacadeEmitter {
  private static final String ALONE = "io/kotangent/alone/";
  private static final String STATE = ALONE + "State";
  private static final String LAYOUT = ALONE + "Layout";
  private static final String WORKSPACE = ALONE + "Workspace";
  private static final String FRAME = ALONE + "Frame";
  private static final String ENTRY = ALONE + "Entry";
  private static final String TENSORS = ALONE + "Tensors";
  private static final String REFERENCE = "java/util/concurrent/atomic/AtomicReference";
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

  private static String object(String type) {
    return "L" + type + ";";
  }

  /// @param layout what `io.kotangent.alone.Layout` reads
  /// @param weights the name of the resource, beside the class
  byte[] emit(List<Method> methods, String layout, String weights, int crc) {
    fields(layout);
    constructor();
    loading(weights, crc);
    accessors();
    for (Method method : methods) {
      plain(method);
      inWorkspace(method);
    }
    writer.visitEnd();
    return writer.toByteArray();
  }

  private MethodVisitor begin(int access, String method, String descriptor, String... thrown) {
    MethodVisitor out = writer.visitMethod(access, method, descriptor, null, thrown);
    out.visitCode();
    return out;
  }

  private static void end(MethodVisitor out) {
    out.visitMaxs(0, 0);
    out.visitEnd();
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
    out.visitMethodInsn(INVOKEVIRTUAL, STATE, "of", "(" + object(LAYOUT) + ")" + object(STATE),
        false);
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

  private static void push(MethodVisitor out, int value) {
    out.visitLdcInsn(value);
  }

  private void loading(String weights, int crc) {
    MethodVisitor load = begin(ACC_PUBLIC | ACC_STATIC, "load", "()" + object(name));
    made(load, () -> {
      layout(load);
      load.visitLdcInsn(Type.getObjectType(name));
      load.visitLdcInsn(weights);
      push(load, crc);
      load.visitMethodInsn(INVOKESTATIC, STATE, "ofResource",
          "(" + object(LAYOUT) + "Ljava/lang/Class;Ljava/lang/String;I)" + object(STATE), false);
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

  // ---- the methods

  /// `float[] predict(float[] pixels)`
  private void plain(Method method) {
    List<String> parameters = new ArrayList<>();
    method.sizes().forEach(size -> parameters.add("I"));
    method.inputs().forEach(input -> parameters.add(descriptor(input)));
    if (method.takesTensors()) {
      parameters.add(object(TENSORS));
    }
    String result = method.returnsSeveral() ? object(resultClass(method))
        : method.givesTensors() ? object(TENSORS)
            : method.results().isEmpty() ? "V" : descriptor(method.results().getFirst());
    MethodVisitor out =
        begin(ACC_PUBLIC, method.name(), "(" + String.join("", parameters) + ")" + result);
    Locals locals = new Locals(out, parameters);
    int workspace = locals.next("A");
    field(out, "spare", object(REFERENCE));
    field(out, "entries", "[" + object(ENTRY));
    out.visitMethodInsn(INVOKESTATIC, WORKSPACE, "take",
        "(" + object(REFERENCE) + "[" + object(ENTRY) + ")" + object(WORKSPACE), false);
    out.visitVarInsn(ASTORE, workspace);
    int frame = locals.next("A");
    beginFrame(out, workspace, frame, method.entry());
    for (String size : method.sizes()) {
      size(out, locals, frame, method.allSizes().indexOf(size));
    }
    inputs(out, locals, frame, method);
    out.visitVarInsn(ALOAD, frame);
    out.visitMethodInsn(INVOKEVIRTUAL, FRAME, "solve", "()" + object(FRAME), false);
    out.visitInsn(POP);
    int first = frame + 1;
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

  private void leave(MethodVisitor out, Method method, int first) {
    if (method.returnsSeveral()) {
      out.visitTypeInsn(NEW, resultClass(method));
      out.visitInsn(DUP);
      results(out, method, first);
      out.visitMethodInsn(INVOKESPECIAL, resultClass(method), "<init>",
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
    method.inputs().forEach(input -> parameters.add(descriptor(input)));
    if (method.takesTensors()) {
      parameters.add(object(TENSORS));
    }
    method.results().forEach(result -> parameters.add(array(result)));
    if (method.givesTensors()) {
      parameters.add(object(TENSORS));
    }
    parameters.add(object(WORKSPACE));
    MethodVisitor out = begin(ACC_PUBLIC, method.name(),
        "(" + String.join("", parameters) + ")" + (method.updates() ? "Z" : "V"));
    Locals locals = new Locals(out, parameters);
    int frame = locals.next("A");
    beginFrame(out, frame - 1, frame, method.entry());
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

  private static void beginFrame(MethodVisitor out, int workspace, int frame, int entry) {
    out.visitVarInsn(ALOAD, workspace);
    push(out, entry);
    out.visitMethodInsn(INVOKEVIRTUAL, WORKSPACE, "begin", "(I)" + object(FRAME), false);
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

  String resultClass(Method method) {
    return name + "$" + ResultNames.simple(method);
  }

  /// A class with a field for each result.
  byte[] resultClass(Method method, int version) {
    String type = resultClass(method);
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
