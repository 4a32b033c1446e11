package io.kotangent.bytecode.emit;

import io.kotangent.loop.ArrayParam;
import io.kotangent.type.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;

/// The local variables of one method: slots by name, and the names for the debugger.
final class Slots {
  private record Variable(String name, String descriptor, Label start, Label end, int slot) {
  }

  private final MethodCode out;
  private final Map<String, Integer> slots = new HashMap<>();
  private final List<Variable> table = new ArrayList<>();
  /// In the order of their slots.
  private final List<Variable> open = new ArrayList<>();
  private int next;

  Slots(MethodCode out) {
    this.out = out;
  }

  int slot(String name) {
    Integer slot = slots.get(name);
    if (slot == null) {
      throw new IllegalStateException("no local '" + name + "' here");
    }
    return slot;
  }

  /// A slot for a name; visible from here on.
  int declare(String name, String descriptor) {
    int slot = reserve(descriptor);
    name(name, descriptor, slot);
    return slot;
  }

  boolean has(String name) {
    return slots.containsKey(name);
  }

  /// A slot that has no name yet: it gets one ([#name]) when it holds a value.
  int reserve(String descriptor) {
    int slot = next;
    next += descriptor.equals("D") || descriptor.equals("J") ? 2 : 1;
    return slot;
  }

  void name(String name, String descriptor, int slot) {
    slots.put(name, slot);
    Label start = new Label();
    out.visitLabel(start);
    open.add(new Variable(name, descriptor, start, start, slot));
  }

  int temporary(DType dtype) {
    return reserve(descriptor(dtype));
  }

  /// The slots given so far; [#leave] frees those given since.
  int enter() {
    return next;
  }

  /// Ends the scope of all names in slots from `mark` on.
  void leave(int mark) {
    next = mark;
    out.forget(mark);
    if (open.isEmpty() || open.getLast().slot() < mark) {
      return;
    }
    Label end = new Label();
    out.visitLabel(end);
    while (!open.isEmpty() && open.getLast().slot() >= mark) {
      Variable variable = open.removeLast();
      slots.remove(variable.name());
      table.add(new Variable(variable.name(), variable.descriptor(), variable.start(), end,
          variable.slot()));
    }
  }

  /// Writes the names, at the end of the method.
  void visitTable() {
    leave(0);
    for (Variable v : table) {
      out.visitLocalVariable(v.name(), v.descriptor(), null, v.start(), v.end(), v.slot());
    }
  }

  static String descriptor(DType dtype) {
    return switch (dtype) {
      case F32 -> "F";
      case F64 -> "D";
      case I32 -> "I";
      case I64 -> "J";
      case BOOL -> "Z";
    };
  }

  static String arrayDescriptor(DType dtype) {
    return "[" + descriptor(dtype);
  }

  /// The descriptor of what is passed for an array.
  static String descriptor(ArrayParam array) {
    return array.access() == ArrayParam.Access.ALIGNED ? "L" + buffer(array.dtype()) + ";"
        : arrayDescriptor(array.dtype());
  }

  /// The class of aligned arrays.
  static String buffer(DType dtype) {
    return dtype == DType.F32 ? "java/nio/FloatBuffer" : "java/nio/DoubleBuffer";
  }

  static int loadOpcode(DType dtype) {
    return switch (dtype) {
      case F32 -> Opcodes.FLOAD;
      case F64 -> Opcodes.DLOAD;
      case I32, BOOL -> Opcodes.ILOAD;
      case I64 -> Opcodes.LLOAD;
    };
  }

  static int storeOpcode(DType dtype) {
    return loadOpcode(dtype) - Opcodes.ILOAD + Opcodes.ISTORE;
  }

  static int returnOpcode(DType dtype) {
    return loadOpcode(dtype) - Opcodes.ILOAD + Opcodes.IRETURN;
  }

  static int arrayLoadOpcode(DType dtype) {
    return switch (dtype) {
      case F32 -> Opcodes.FALOAD;
      case F64 -> Opcodes.DALOAD;
      case I32 -> Opcodes.IALOAD;
      case I64 -> Opcodes.LALOAD;
      case BOOL -> Opcodes.BALOAD;
    };
  }

  static int arrayStoreOpcode(DType dtype) {
    return arrayLoadOpcode(dtype) - Opcodes.IALOAD + Opcodes.IASTORE;
  }
}
