package io.kotangent.bytecode.warm;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.LongSupplier;

/// Tells how late it is, and how long a thread has worked: in a busy process much less than it has waited.
///
/// @param wall nanoseconds
/// @param work nanoseconds of the thread that asks
record Clock(LongSupplier wall, LongSupplier work) {
  /// Loaded when it is first asked.
  private static final class Threads {
    private static final ThreadMXBean BEAN = ManagementFactory.getThreadMXBean();
    private static final boolean TELLS =
        BEAN.isCurrentThreadCpuTimeSupported() && BEAN.isThreadCpuTimeEnabled();
  }

  static Clock ofThisProcess() {
    return new Clock(System::nanoTime, Clock::ownNanos);
  }

  long now() {
    return wall.getAsLong();
  }

  long own() {
    return work.getAsLong();
  }

  /// The processor time of this thread; where the JVM does not tell, time as it passes.
  private static long ownNanos() {
    return Threads.TELLS ? Threads.BEAN.getCurrentThreadCpuTime() : System.nanoTime();
  }
}
