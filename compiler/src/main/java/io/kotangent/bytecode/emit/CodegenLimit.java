package io.kotangent.bytecode.emit;

import io.kotangent.type.KotangentException;

/// A limit of the class file format or of the JIT compiler that splitting did not keep. Never a silent fallback:
/// a method over 8000 bytes would run interpreted for ever.
public final class CodegenLimit extends KotangentException {
  private static final long serialVersionUID = 1;

  public CodegenLimit(String message) {
    super(message);
  }

  public CodegenLimit(String message, Throwable cause) {
    super(message, cause);
  }
}
