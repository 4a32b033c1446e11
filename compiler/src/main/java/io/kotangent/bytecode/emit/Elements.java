package io.kotangent.bytecode.emit;

import static org.objectweb.asm.Opcodes.*;

import io.kotangent.loop.ArrayParam;
import io.kotangent.type.DType;
import org.objectweb.asm.MethodVisitor;

/// Emits what is done with elements of arrays, and of buffers, which aligned arrays are.
final class Elements {
  private Elements() {
  }

  /// The element of the array and index on the stack.
  static void load(MethodVisitor out, ArrayParam array) {
    if (array.access() == ArrayParam.Access.ALIGNED) {
      out.visitMethodInsn(INVOKEVIRTUAL, Slots.buffer(array.dtype()), "get",
          "(I)" + Slots.descriptor(array.dtype()), false);
    } else {
      out.visitInsn(Slots.arrayLoadOpcode(array.dtype()));
    }
  }

  /// Stores the value on the stack in the element of the array and index below it.
  static void store(MethodVisitor out, ArrayParam array) {
    if (array.access() == ArrayParam.Access.ALIGNED) {
      String buffer = Slots.buffer(array.dtype());
      out.visitMethodInsn(INVOKEVIRTUAL, buffer, "put",
          "(I" + Slots.descriptor(array.dtype()) + ")L" + buffer + ";", false);
      out.visitInsn(POP);
    } else {
      out.visitInsn(Slots.arrayStoreOpcode(array.dtype()));
    }
  }

  /// Copies between the buffer and index, and the array and index above them, as many elements as the length on top says.
  ///
  /// @param in whether into the buffer
  static void copy(MethodVisitor out, DType dtype, boolean in) {
    String buffer = Slots.buffer(dtype);
    out.visitMethodInsn(INVOKEVIRTUAL, buffer, in ? "put" : "get",
        "(I" + Slots.arrayDescriptor(dtype) + "II)L" + buffer + ";", false);
    out.visitInsn(POP);
  }
}
