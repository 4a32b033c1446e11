package io.kotangent.bytecode.source;

import io.kotangent.loop.ArrayParam;
import io.kotangent.type.DType;

/// Dtypes and arrays as types of Java.
public final class JavaType {
  private JavaType() {
  }

  public static String of(DType dtype) {
    return switch (dtype) {
      case F32 -> "float";
      case F64 -> "double";
      case I32 -> "int";
      case I64 -> "long";
      case BOOL -> "boolean";
    };
  }

  static String of(ArrayParam array, Home home) {
    return array.access() == ArrayParam.Access.ALIGNED ? home.imported(buffer(array.dtype()))
        : of(array.dtype()) + "[]";
  }

  /// The class of memory outside of the heap.
  static String buffer(DType dtype) {
    return dtype == DType.F32 ? "java.nio.FloatBuffer" : "java.nio.DoubleBuffer";
  }

  /// The class of `java.lang` that knows the bits of a float.
  static String box(DType dtype, Home home) {
    return home.lang(dtype == DType.F32 || dtype == DType.I32 ? "Float" : "Double");
  }
}
