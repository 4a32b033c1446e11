package io.kotangent.bytecode.fault;

import java.lang.ref.WeakReference;
import java.util.function.IntUnaryOperator;

/// Loads everything by a loader of its own, compiles and trains with two threads, drops it, and tells after how many milliseconds it was collected.
public final class RedeployProbe {
  private static final int MOST_MILLIS = 60_000;

  private RedeployProbe() {
  }

  private static WeakReference<ClassLoader> deployed() throws ReflectiveOperationException {
    ClassLoader loader = new FaultLoader();
    Class<?> type = loader.loadClass(FaultScenario.class.getName());
    IntUnaryOperator scenario = (IntUnaryOperator) type.getConstructor().newInstance();
    System.out.println("failed: " + scenario.applyAsInt(Integer.MAX_VALUE - 1));
    return new WeakReference<>(loader);
  }

  private static long ours() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("kotangent-")).count();
  }

  public static void main(String[] args) throws Exception {
    WeakReference<ClassLoader> loader = deployed();
    System.out.println("threads: " + ours());
    long start = System.currentTimeMillis();
    while (loader.get() != null && System.currentTimeMillis() - start < MOST_MILLIS) {
      System.gc();
      Thread.sleep(200);
    }
    System.out.println((loader.get() == null ? "collected" : "held") + " after "
        + (System.currentTimeMillis() - start) + " ms, threads: " + ours());
  }
}
