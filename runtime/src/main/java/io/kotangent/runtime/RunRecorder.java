package io.kotangent.runtime;

/** Whether the JDK's flight recorder is there and wants to know of runs. */
final class RunRecorder {
  private static final boolean IS_THERE = ModuleLayer.boot().findModule("jdk.jfr")
      .filter(RunRecorder.class.getModule()::canRead).isPresent();

  private RunRecorder() {
  }

  /** Whether a recording takes events of runs. Without one it is the read of a constant and of a field. */
  static boolean isOn() {
    return IS_THERE && RunEvent.isOn();
  }
}
