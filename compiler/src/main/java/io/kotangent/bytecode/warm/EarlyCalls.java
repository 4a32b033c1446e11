package io.kotangent.bytecode.warm;

import io.kotangent.bytecode.load.EntryCall;
import io.kotangent.bytecode.load.KernelClass;
import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Calls row loops with nothing to do while a program whose runs are long is in its first. C2 takes up a method when it was called some hundred times and
/// has made many turns; calls are cheap, and long rows make all the turns in few of them. Where calls come late, a loop is
/// first replaced while it runs, and then compiled once more.
public final class EarlyCalls {
  /// Bytes of a row loop that sums several products, lengthened: what first runs wait for.
  private static final int LARGE = 425;
  /// Calls at a time; C1 takes up what was called 200 times, C2 what was called 600 times since then.
  private static final int CALLS = 250;
  private static final int ROUNDS = 8;
  private static final long NAP_MILLIS = 5;
  private static final long IDLE_MILLIS = 100;

  private static final Backlog<WeakReference<KernelClass>> BACKLOG =
      new Backlog<>("kotangent-early-calls", IDLE_MILLIS, new EarlyCalls()::go);

  private final List<Row> rows = new ArrayList<>();

  /// One row loop, and how often it was called.
  private static final class Row {
    private final Consumer<Object[]> call;
    private final Object[] nothing;
    private int rounds;

    Row(KernelClass kernel) {
      Class<?>[] parameters = EntryCall.parameters(kernel.type());
      nothing = new Object[parameters.length];
      for (int i = 0; i < nothing.length; i++) {
        nothing[i] = parameters[i].isArray() ? Array.newInstance(parameters[i].componentType(), 0)
            : parameters[i] == boolean.class ? (Object) false : (Object) 0;
      }
      call = EntryCall.of(kernel.type());
    }

    /// Makes a round of calls, and says whether that was the last.
    boolean wasLast() {
      for (int i = 0; i < CALLS; i++) {
        call.accept(nothing);
      }
      return ++rounds == ROUNDS;
    }
  }

  private EarlyCalls() {
  }

  /// Takes up a row loop that does nothing when all its numbers are 0. On one processor, all time is needed for the program.
  public static void of(KernelClass row) {
    if (row.emitted().largestMethod() < LARGE
        || Runtime.getRuntime().availableProcessors() == 1) {
      return;
    }
    BACKLOG.add(new WeakReference<>(row));
  }

  private long go(List<WeakReference<KernelClass>> come) {
    for (WeakReference<KernelClass> each : come) {
      KernelClass kernel = each.get();
      if (kernel != null) {
        rows.add(new Row(kernel));
      }
    }
    rows.removeIf(Row::wasLast);
    return rows.isEmpty() ? 0 : NAP_MILLIS;
  }
}
