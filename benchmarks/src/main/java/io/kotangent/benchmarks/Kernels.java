package io.kotangent.benchmarks;

import io.kotangent.bytecode.Compilation;
import io.kotangent.runtime.Program;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/// Where the time of one step goes, on one thread: `Kernels WORKLOAD THREADS SECONDS`; each kernel class is one line.
final class Kernels {
  private static final int NAMES = 3;

  private Kernels() {}

  public static void main(String[] arguments) {
    Workload workload = Workloads.named(arguments[0]).getFirst();
    double seconds = Double.parseDouble(arguments[2]);
    Running running = workload.prepare().begin(1);
    Timing whole = Timing.of(running.call(), seconds, seconds);

    Compilation compilation = running.compilation();
    KernelClock clock = new KernelClock(compilation);
    Program timed = Program.of(compilation.program().signature(), clock);
    DoubleSupplier step =
        () -> timed.run(running.workspace(), running.state()) ? 1 : 0;
    Timing.of(step, seconds, 0);
    clock.reset();
    Timing.of(step, 0, seconds);
    System.out.print(table(workload.name(), whole, clock.times()));
  }

  /// The kernels, the longest first.
  static String table(String workload, Timing whole, List<KernelClock.Times> measured) {
    List<KernelClock.Times> sorted = new ArrayList<>(measured);
    sorted.removeIf(each -> each.calls() == 0);
    sorted.sort(Comparator.comparingDouble(KernelClock.Times::leastMicros).reversed());
    double sum = sorted.stream().mapToDouble(KernelClock.Times::leastMicros).sum();
    int calls = sorted.stream().mapToInt(KernelClock.Times::calls).sum();
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT,
        "%s: a step takes %.1f µs (median; least %.1f); the least times of its %d calls, each with a clock around it, are %.1f µs:%n%n",
        workload, whole.medianMicros(), whole.minMicros(), calls, sum));
    text.append("| kernel | calls | µs a step | share | so far | largest method | steps |\n");
    text.append("|---|--:|--:|--:|--:|--:|---|\n");
    double soFar = 0;
    for (KernelClock.Times each : sorted) {
      double own = each.leastMicros();
      soFar += own;
      text.append(String.format(Locale.ROOT,
          "| %s | %d | %.2f | %.1f %% | %.1f %% | %d bytes | %s |%n",
          each.kernel.listing().className(), each.calls(), own, 100 * own / sum,
          100 * soFar / sum, each.kernel.emitted().largestMethod(), names(each.steps)));
    }
    return text.toString();
  }

  private static String names(List<String> steps) {
    String text = String.join(", ", steps.subList(0, Math.min(NAMES, steps.size())));
    return steps.size() > NAMES ? text + " … (" + steps.size() + ")" : text;
  }
}
