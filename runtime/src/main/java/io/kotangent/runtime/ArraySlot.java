package io.kotangent.runtime;

import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.KotangentException;
import io.kotangent.type.ShapeException;
import java.lang.reflect.Array;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

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
    /**
     * The same outside of the heap, from the beginning of a cache line on: a {@link java.nio.FloatBuffer} or {@link java.nio.DoubleBuffer}
     * instead of an array.
     */
    ALIGNED,
    /** Flags of the workspace that {@link Code#choose} sets before each run: which of two ways to take, equal in bits. */
    CHOICES;

    /** Whether each thread has its own. */
    public boolean isScratch() {
      return this == SCRATCH || this == ALIGNED;
    }
  }

  private static final int LINE = 64;

  /** A new array for this slot, of so many elements. */
  public Object newArray(int elements) {
    if (kind != Kind.ALIGNED) {
      return dtype.newArray(elements);
    }
    long bytes = (long) elements * dtype.bytes() + LINE - 1 & -LINE;
    if (bytes > Dim.LARGEST) {
      throw new ShapeException("aligned memory of " + bytes + " bytes for " + this
          + ": expected at most " + Dim.LARGEST + "; use smaller sizes or batches");
    }
    ByteBuffer memory = ByteBuffer.allocateDirect((int) bytes + LINE).alignedSlice(LINE)
        .order(ByteOrder.nativeOrder());
    return switch (dtype) {
      case F32 -> memory.asFloatBuffer();
      case F64 -> memory.asDoubleBuffer();
      case I32, I64, BOOL -> throw new KotangentException("no aligned array of " + dtype);
    };
  }

  /** How many elements an array that serves as a slot has. */
  public static int elements(Object array) {
    return array instanceof Buffer buffer ? buffer.capacity() : Array.getLength(array);
  }
}
