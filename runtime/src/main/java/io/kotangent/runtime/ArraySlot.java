package io.kotangent.runtime;

import io.kotangent.type.DType;
import io.kotangent.type.Dim;

/** One array that a program works on. {@code name} is that of the port, the result, or for the listing. */
public record ArraySlot(String name, DType dtype, Dim length, Kind kind) {
  /** Whose array it is. */
  public enum Kind {
    /** The caller's; read. */
    INPUT,
    /** A flat array of the state; its name is the group's ({@link StateLayout}). */
    STATE,
    /** Where a result goes. */
    RESULT,
    /** Elements that the program brings along ({@link Signature#constants()}); read. */
    CONSTANT,
    /** The workspace's own. */
    WORKSPACE,
    /** Working memory within one step; each thread needs its own. */
    SCRATCH,
    /** Flags of the workspace that {@link Code#choose} sets before each run: which of two ways to take, equal in bits. */
    CHOICES
  }
}
