package io.kotangent.bytecode.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/// A server that loads an application again and again keeps none of its loaders.
class RedeployTest {
  private static final int MOST_SECONDS = 60;

  /// Compiles and trains with two threads, by classes of its own.
  private static WeakReference<ClassLoader> deployed() throws ReflectiveOperationException {
    ClassLoader loader = new FaultLoader();
    Class<?> type = loader.loadClass(FaultScenario.class.getName());
    IntUnaryOperator scenario = (IntUnaryOperator) type.getConstructor().newInstance();
    assertEquals(0, scenario.applyAsInt(Integer.MAX_VALUE - 1));
    assertTrue(Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith("kotangent-")), "its team waits for more");
    return new WeakReference<>(loader);
  }

  @Test
  void aDroppedApplicationIsCollectedWithItsThreads() throws Exception {
    WeakReference<ClassLoader> loader = deployed();
    for (int i = 0; i < MOST_SECONDS * 10 && loader.get() != null; i++) {
      System.gc();
      Thread.sleep(100);
    }
    assertEquals(null, loader.get(), "the loader is held");
  }
}
