package io.kotangent.type;

/**
 * A limit of the class file format or of the JIT compiler that splitting did not keep. Never a
 * silent fallback: a method over 8000 bytes would run interpreted for ever.
 */
public final class CodegenLimit extends KotangentException {
  private static final long serialVersionUID = 1;

  /** What does not fit, and what to try. */
  public CodegenLimit(String message) {
    super(message);
  }

  /** The same, with what the library that writes class files says. */
  public CodegenLimit(String message, Throwable cause) {
    super(message, cause);
  }
}
