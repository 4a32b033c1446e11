package io.kotangent.runtime;

import jdk.jfr.FlightRecorder;

/** Whether the JDK's flight recorder is there and wants to know of runs. */
final class RunRecorder {
  private static final boolean IS_THERE = ModuleLayer.boot().findModule("jdk.jfr")
      .filter(RunRecorder.class.getModule()::canRead).isPresent();

  private RunRecorder() {
  }

  /** Whether a recording takes events of runs. Without one it is the read of a constant and of a field. */
  static boolean isOn() {
    return IS_THERE && Jdk.isOn();
  }

  /** Kept apart: it can only be loaded where the module is. */
  private static final class Jdk {
    private Jdk() {
    }

    /** The first event class that is loaded starts the recorder, at some milliseconds: not before somebody else has. */
    static boolean isOn() {
      return FlightRecorder.isInitialized() && RunEvent.isOn();
    }
  }
}
