package io.kotangent.bytecode;

import io.kotangent.ir.Graph;
import java.util.Locale;
import java.util.function.Supplier;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/// An event of the JDK's flight recorder: a compilation. Loaded only where the module `jdk.jfr` is, which [CompileRecorder] knows.
@Name("io.kotangent.Compilation") @Label("Compilation") @Description("From a graph to a program") @Category("Kotangent") @Enabled(false) @StackTrace @SuppressWarnings("UnusedVariable") // the recorder reads them
final class CompileEvent extends Event {
  /// Asked whether events are wanted, without a new one.
  private static final CompileEvent ANY = new CompileEvent();

  @Label("Program") private String program = "";

  @Label("Way") @Description("What code is made: checked steps, or plain loops and when SIMD code is taken") private String way =
      "";

  @Label("Nodes") private int nodes;

  @Label("Passes") @Timespan(Timespan.NANOSECONDS) private long passes;

  @Label("Plan") @Timespan(Timespan.NANOSECONDS) private long plan;

  @Label("Code") @Timespan(Timespan.NANOSECONDS) private long code;

  @Label("Steps") private int steps;

  @Label("Kernels") private int kernels;

  @Label("New Kernels") @Description("Those that no program had loaded before") private int newKernels;

  @Label("Largest Method") @DataAmount private int largestMethod;

  @Label("Thrown") @Description("The exception that ended it, if any") private @Nullable Class<?> thrown;

  /// Whether a recording takes such events.
  static boolean isOn() {
    return ANY.isEnabled();
  }

  /// Compiles, and tells of it.
  static Compilation record(Graph graph, CompileOptions options, Supplier<Compilation> compiler) {
    CompileEvent event = new CompileEvent();
    event.program = graph.name();
    event.way = options.checked() ? "checked steps" : "plain loops, SIMD code "
        + options.simd().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    event.nodes = graph.schedule().size();
    event.begin();
    try {
      Compilation made = compiler.get();
      event.tell(made.report());
      return made;
    } catch (Throwable e) {
      event.thrown = e.getClass();
      throw e;
    } finally {
      event.commit();
    }
  }

  private void tell(CompileReport report) {
    for (CompileReport.Stage stage : report.stages()) {
      switch (stage.name()) {
        case "passes" -> passes = stage.nanos();
        case "plan" -> plan = stage.nanos();
        case "code" -> code = stage.nanos();
        default -> throw new IllegalStateException("no field for the stage " + stage.name());
      }
    }
    steps = report.steps();
    kernels = report.kernels();
    newKernels = report.newKernels();
    largestMethod = report.largestMethod();
  }
}
