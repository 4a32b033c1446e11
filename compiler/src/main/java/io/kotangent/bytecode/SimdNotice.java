package io.kotangent.bytecode;

import io.kotangent.bytecode.load.Daemon;
import io.kotangent.bytecode.load.Machine;
import java.util.concurrent.atomic.AtomicBoolean;

/// Tells the log, once in a process, whether its programs use SIMD code, and why not.
///
/// Logging takes tens of milliseconds to come up, which the first step of a training should not wait for: a thread tells it a second
/// after the first compilation. A process that ends before says nothing.
final class SimdNotice {
  private static final long DELAY_MILLIS = 1000;
  private static final AtomicBoolean GIVEN = new AtomicBoolean();

  private SimdNotice() {
  }

  static void give(SimdUse use) {
    if (!GIVEN.getAndSet(true)) {
      var _ = Daemon.start(Daemon.of("kotangent-notice", () -> log(use)));
    }
  }

  private static void log(SimdUse use) {
    try {
      Thread.sleep(DELAY_MILLIS);
    } catch (InterruptedException e) {
      return;
    }
    try {
      System.getLogger("io.kotangent").log(System.Logger.Level.INFO,
          text(use, !Machine.target().fma(), Machine.hasVectors(), Machine.vectorBits()));
    } catch (OutOfMemoryError _) {
      // nor is there memory to say that
    }
  }

  /// What is logged.
  ///
  /// @param readable whether the module of the Vector API is there
  /// @param bits the width of its vectors, if it is
  static String text(SimdUse use, boolean softFma, boolean readable, int bits) {
    if (use == SimdUse.NEVER) {
      return plain("it is turned off (kotangent.simd=never)");
    }
    if (softFma) {
      return plain("this machine has no fused multiply-add");
    }
    if (!readable) {
      return plain("the module jdk.incubator.vector is not there; start Java with"
          + " --add-modules jdk.incubator.vector");
    }
    if (bits < Machine.LEAST_BITS) {
      return plain(
          "vectors have " + bits + " bits here, at least " + Machine.LEAST_BITS + " are needed");
    }
    String when = use == SimdUse.ALWAYS ? "from the first run (kotangent.simd=always)"
        : "each kernel as soon as it is measured to be faster than plain loops";
    return "SIMD code with vectors of " + bits + " bits, " + when;
  }

  /// With the Vector API or without, the JIT vectorizes row loops, and sums in aligned memory best.
  private static String plain(String reason) {
    return "Only SIMD code that the JIT makes of plain loops: " + reason;
  }
}
