package io.kotangent.bytecode;

/// Whether the JDK's flight recorder is there and wants to know of compilations.
final class CompileRecorder {
  private static final boolean IS_THERE = ModuleLayer.boot().findModule("jdk.jfr")
      .filter(CompileRecorder.class.getModule()::canRead).isPresent();

  private CompileRecorder() {
  }

  /// Whether a recording takes events of compilations.
  static boolean isOn() {
    return IS_THERE && CompileEvent.isOn();
  }
}
