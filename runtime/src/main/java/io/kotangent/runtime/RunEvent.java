package io.kotangent.runtime;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * An event of the JDK's flight recorder: a run of a program. Loaded only where the module {@code jdk.jfr} is, which
 * {@link RunRecorder} knows.
 */
@Name("io.kotangent.Run") @Label("Run") @Description("A run of a program") @Category("Kotangent") @Enabled(false) @StackTrace(false) @SuppressWarnings("UnusedVariable") // the recorder reads them
final class RunEvent extends Event {
  /** Asked whether events are wanted, without a new one. */
  private static final RunEvent ANY = new RunEvent();

  @Label("Program") private String program = "";

  @Label("Way") @Description("Interpreted loop code, plain loops, SIMD code, or checked steps") private String way =
      "";

  @Label("Threads") private int threads;

  @Label("Committed") @Description("Whether the updates were committed; a program without any commits them always") private boolean committed;

  @Label("Thrown") @Description("The exception that ended it, if any") private @Nullable Class<?> thrown;

  /** Whether a recording takes such events. */
  static boolean isOn() {
    return ANY.isEnabled();
  }

  /** Runs, and tells of it. */
  static boolean record(Workspace workspace, Code code, ModelState state) {
    RunEvent event = new RunEvent();
    event.begin();
    try {
      event.committed = workspace.checkedRun(code, state);
      return event.committed;
    } catch (Throwable e) {
      event.thrown = e.getClass();
      throw e;
    } finally {
      event.end();
      if (event.shouldCommit()) {
        event.program = workspace.signature().name();
        event.way = workspace.way(code);
        event.threads = workspace.lastThreads();
        event.commit();
      }
    }
  }
}
