package io.kotangent.bytecode.emit;

import java.util.List;

/// A class file.
///
/// @param name with slashes between packages
/// @param methods those of it, in the order of the file
public record EmittedClass(String name, byte[] bytes, List<Method> methods) {
  /// @param size the bytes of its bytecode
  public record Method(String name, int size) {
  }

  public EmittedClass {
    methods = List.copyOf(methods);
  }

  /// The name with dots between packages.
  public String binaryName() {
    return name.replace('/', '.');
  }

  /// The bytes of bytecode of the largest method.
  public int largestMethod() {
    int largest = 0;
    for (Method method : methods) {
      largest = Math.max(largest, method.size());
    }
    return largest;
  }
}
