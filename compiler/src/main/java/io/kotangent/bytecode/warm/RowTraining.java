package io.kotangent.bytecode.warm;

import io.kotangent.bytecode.load.EntryCall;
import io.kotangent.bytecode.load.KernelClass;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.lang.foreign.Arena;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Objects;
import java.util.function.Consumer;

/// Has C2 compile a row loop over aligned memory, of any length, with long rows before its eyes: it takes vectors as long as what it has
/// seen is worth, 256 bits for rows of up to 150.
final class RowTraining {
  /// Turns of a call.
  private static final int LONG = 500;
  private static final int ELEMENTS = 1 << 16;
  /// So many calls make C1 compile it, and count its turns from then on.
  private static final int FIRST_CALLS = 250;
  private static final int CALLS = 64;
  private static final long PATIENCE_NANOS = 2_000_000_000L;
  private static final long NAP_MILLIS = 2;
  /// Nanoseconds that a product takes at most in a loop that C2 has made vectors of, and a call.
  private static final double PRODUCT = 0.2;
  private static final long CALL = 500;
  /// C2 inlines what reads and writes a buffer only if the class of its sessions is loaded, as this is.
  private static final Arena SESSIONS = Arena.global();

  private final Class<?>[] parameters;
  private final Consumer<Object[]> run;
  private final Object[] few;
  private final Object[] many;
  private final double expected;

  private RowTraining(Class<?> type) {
    Objects.requireNonNull(SESSIONS);
    parameters = EntryCall.parameters(type);
    run = EntryCall.of(type);
    few = arguments(LONG / 10);
    many = arguments(LONG);
    int factors = 0;
    for (Class<?> parameter : parameters) {
      factors += parameter == float.class || parameter == double.class ? 1 : 0;
    }
    expected = CALL + PRODUCT * LONG * Math.max(1, factors);
  }

  /// Returns when it is compiled, or too much time has passed. Once for each class.
  static void of(KernelClass row) {
    if (!row.simd().isReady()) {
      new RowTraining(row.type()).train();
      row.simd().makeReady();
    }
  }

  private Object[] arguments(int length) {
    Object[] arguments = new Object[parameters.length];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = argument(parameters[i], length);
    }
    return arguments;
  }

  /// Bounds and distances are all small enough.
  private static Object argument(Class<?> type, int length) {
    if (type == int.class) {
      return length;
    }
    if (type == float.class) {
      return 0f;
    }
    if (type == double.class) {
      return 0.0;
    }
    DType dtype =
        type == FloatBuffer.class || type == float[].class ? DType.F32 : DType.F64;
    boolean aligned = type == FloatBuffer.class || type == DoubleBuffer.class;
    return new ArraySlot("row", dtype, Dim.of(ELEMENTS),
        aligned ? ArraySlot.Kind.ALIGNED : ArraySlot.Kind.SCRATCH).newArray(ELEMENTS);
  }

  private void train() {
    long start = System.nanoTime();
    for (int i = 0; i < FIRST_CALLS; i++) {
      run.accept(few);
    }
    boolean fast = false;
    while (!fast && System.nanoTime() - start < PATIENCE_NANOS) {
      nap();
      for (int i = 0; i < CALLS && !fast; i++) {
        long before = System.nanoTime();
        run.accept(many);
        fast = System.nanoTime() - before < expected;
      }
    }
  }

  private static void nap() {
    try {
      Thread.sleep(NAP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
