package io.kotangent.bytecode.load;

import java.security.AccessController;
import java.security.PrivilegedAction;

/// Threads for the background. What they do can be done without, or by the caller, so one that cannot be started is no error.
public final class Daemon {
  private Daemon() {
  }

  /// A thread that has nothing of who needs it first, neither locals nor loaders; not started.
  @SuppressWarnings("removal") // before Java 24 a thread keeps the loaders of all its creator's callers otherwise
  public static Thread of(String name, Runnable work) {
    return AccessController.doPrivileged((PrivilegedAction<Thread>) () -> {
      Thread thread = new Thread(null, work, name, 0, false);
      thread.setDaemon(true);
      thread.setContextClassLoader(null);
      return thread;
    });
  }

  /// Whether it could be started; if not, the process has as many threads as it may.
  public static boolean start(Thread thread) {
    try {
      thread.start();
      return true;
    } catch (OutOfMemoryError _) {
      return false;
    }
  }
}
