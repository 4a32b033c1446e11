package io.kotangent.bytecode;

/// Has C2 compile SIMD code in the background.
final class SimdWarmer {
  private SimdWarmer() {
  }

  static void ask(Choice choice) {
    choice.isReady();
  }
}
