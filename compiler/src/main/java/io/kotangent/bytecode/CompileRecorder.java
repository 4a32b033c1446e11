package io.kotangent.bytecode;

import jdk.jfr.FlightRecorder;

/// Whether the JDK's flight recorder is there and wants to know of compilations.
final class CompileRecorder {
  private static final boolean IS_THERE = ModuleLayer.boot().findModule("jdk.jfr")
      .filter(CompileRecorder.class.getModule()::canRead).isPresent();

  private CompileRecorder() {
  }

  /// Whether a recording takes events of compilations.
  static boolean isOn() {
    return IS_THERE && Jdk.isOn();
  }

  /// Kept apart: it can only be loaded where the module is.
  private static final class Jdk {
    private Jdk() {
    }

    /// The first event class that is loaded starts the recorder, at some milliseconds: not before somebody else has.
    static boolean isOn() {
      return FlightRecorder.isInitialized() && CompileEvent.isOn();
    }
  }
}
