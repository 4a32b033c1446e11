package io.kotangent.bytecode;

/// Compiles two programs, and waits until the log has been told of SIMD code.
final class NoticeProbe {
  private NoticeProbe() {
  }

  public static void main(String[] args) throws InterruptedException {
    Compiler.compile(TierProbe.step());
    Compiler.compile(TierProbe.step());
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("kotangent-notice")) {
        thread.join();
      }
    }
  }
}
