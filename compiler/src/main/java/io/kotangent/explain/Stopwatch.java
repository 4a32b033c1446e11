package io.kotangent.explain;

import io.kotangent.bytecode.GeneratedCode;
import io.kotangent.bytecode.StepWay;
import io.kotangent.bytecode.warm.SimdWarmer;
import io.kotangent.ir.Node;
import io.kotangent.ir.Workload;
import io.kotangent.plan.Plan;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.runtime.Code;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Program;
import io.kotangent.runtime.Workspace;
import io.kotangent.type.DType;
import io.kotangent.type.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Measures a program: runs it until it is no longer getting faster, then takes turns at timing whole runs and runs step by step.
final class Stopwatch {
  private static final long WINDOW = 100_000_000;
  private static final int QUIET = 10;
  private static final int QUIET_UNSETTLED = 30;
  private static final long LONGEST_WARM_UP = 25_000_000_000L;
  private static final double FASTER = 0.95;
  private static final int CLOCK_RUNS = 400;
  private static final int FEWEST_ROUNDS = 15;
  private static final int MOST_ROUNDS = 600;
  private static final long SHORTEST = 1_000_000_000;
  private static final long LONGEST = 4_000_000_000L;

  private final Explanation explanation;
  private final GeneratedCode code;
  private final Workspace workspace;
  private final ModelState start;
  private final ModelState state;
  private final boolean fma;

  /// @param workspace fed, of the explained program
  /// @param start what each series of runs begins with; left as it is
  /// @param fma whether what code is emitted for has a fused multiply and add
  Stopwatch(Explanation explanation, Workspace workspace, ModelState start, boolean fma) {
    this.explanation = explanation;
    this.code = explanation.compilation().code();
    this.workspace = workspace.threads(1);
    this.start = start;
    this.state = start.copy();
    this.fma = fma;
  }

  /// Code that goes on with the ways of now.
  private record Frozen(Code code, boolean[] ways) implements Code {
    @Override
    public void choose(boolean[] choices, int[] sizes) {
      System.arraycopy(ways, 0, choices, 0, ways.length);
    }

    @Override
    public boolean run(Object[] arrays, int[] sizes, int thread, int threads, Runnable barrier) {
      return code.run(arrays, sizes, thread, threads, barrier);
    }
  }

  Measurement measure() {
    warm();
    Plan plan = explanation.compilation().plan();
    boolean[] frozen = frozen(plan);
    StepClock clock = new StepClock(plan, code, fma);
    Program whole = Program.of(plan.signature(), new Frozen(code, frozen));
    Program stepped = Program.of(plan.signature(), new Frozen(clock, frozen));
    warm(stepped);
    state.copyFrom(start);
    List<long[]> rounds = new ArrayList<>();
    List<Long> runs = new ArrayList<>();
    long first = System.nanoTime();
    while (rounds.size() < FEWEST_ROUNDS && System.nanoTime() - first < LONGEST
        || rounds.size() < MOST_ROUNDS && System.nanoTime() - first < SHORTEST) {
      runs.add(nanos(whole));
      stepped.run(workspace, state);
      rounds.add(clock.nanos.clone());
    }
    long overhead = overhead();
    double[] micros = new double[clock.nanos.length];
    for (int step = 0; step < micros.length; step++) {
      int at = step;
      double median = median(rounds.stream().mapToLong(round -> round[at]).toArray());
      micros[step] = Math.max(0, median - (double) overhead * clock.calls[step]) / 1e3;
    }
    double run = median(runs.stream().mapToLong(Long::longValue).toArray()) / 1e3;
    return measurement(PeakLoops.measure(fma), run, runs.size(), micros, clock.calls);
  }

  /// Runs until nothing is tried any more and nothing becomes faster.
  private void warm() {
    Program program = explanation.compilation().program();
    double best = Double.POSITIVE_INFINITY;
    List<StepWay> ways = List.of();
    int quiet = 0;
    long last = System.nanoTime() + LONGEST_WARM_UP;
    while (System.nanoTime() < last
        && (SimdWarmer.isTrying() || quiet < (code.isSettled() ? QUIET : QUIET_UNSETTLED))) {
      state.copyFrom(start);
      long end = System.nanoTime() + WINDOW;
      double least = Double.POSITIVE_INFINITY;
      while (least == Double.POSITIVE_INFINITY || System.nanoTime() < end) {
        least = Math.min(least, nanos(program));
      }
      List<StepWay> now = code.ways();
      boolean changed = least < FASTER * best || !kernels(now).equals(kernels(ways));
      quiet = changed ? 0 : quiet + 1;
      best = Math.min(best, least);
      ways = now;
    }
  }

  private static List<String> kernels(List<StepWay> ways) {
    return ways.stream().map(StepWay::kernel).toList();
  }

  private void warm(Program stepped) {
    state.copyFrom(start);
    long end = System.nanoTime() + LONGEST;
    for (int i = 0; i < CLOCK_RUNS && System.nanoTime() < end; i++) {
      stepped.run(workspace, state);
    }
  }

  private long nanos(Program program) {
    long from = System.nanoTime();
    program.run(workspace, state);
    return System.nanoTime() - from;
  }

  /// The ways of the next run, which from now on are those of all that are measured.
  private boolean[] frozen(Plan plan) {
    long choices = plan.signature().arrays().stream()
        .filter(slot -> slot.kind() == ArraySlot.Kind.CHOICES)
        .mapToLong(slot -> slot.length().constant()).findFirst().orElse(0);
    boolean[] ways = new boolean[(int) choices];
    code.choose(ways, plan.signature().symbols().stream().mapToInt(workspace::size).toArray());
    return ways;
  }

  /// Nanoseconds between two looks at the clock.
  private static long overhead() {
    long[] looks = new long[1000];
    for (int i = 0; i < looks.length; i++) {
      long from = System.nanoTime();
      looks[i] = System.nanoTime() - from;
    }
    return (long) median(looks);
  }

  private static double median(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  // ---- what of it is whose

  private Measurement measurement(MachinePeaks peaks, double run, int runs, double[] micros,
      int[] calls) {
    List<Optional<StepWay.Way>> ways = explanation.ways();
    List<MeasuredStep> steps = new ArrayList<>();
    for (ExplainedStep step : explanation.steps()) {
      int number = step.number();
      if (calls[number] > 0) {
        steps.add(new MeasuredStep(step, ways.get(number).orElseThrow(), calls[number],
            micros[number]));
      }
    }
    Map<String, Long> sizes = new TreeMap<>();
    for (String symbol : workspace.signature().symbols()) {
      sizes.put(symbol, (long) workspace.size(symbol));
    }
    return new Measurement(peaks, sizes, runs, run, steps,
        kernels(explanation.at(sizes), steps, peaks));
  }

  /// Those that have steps in common are one.
  private static List<MeasuredKernel> kernels(Explanation known, List<MeasuredStep> steps,
      MachinePeaks peaks) {
    List<MeasuredKernel> measured = new ArrayList<>();
    Set<ExplainedKernel> left = new LinkedHashSet<>(known.kernels());
    for (ExplainedKernel kernel : known.kernels()) {
      List<MeasuredStep> own =
          steps.stream().filter(step -> kernel.steps().contains(step.step())).toList();
      if (left.contains(kernel) && !own.isEmpty()) {
        List<ExplainedKernel> together = left.stream().filter(
            other -> own.stream().anyMatch(step -> other.steps().contains(step.step()))).toList();
        together.forEach(left::remove);
        measured.add(kernel(known, together, own, peaks));
      }
    }
    return measured;
  }

  private static MeasuredKernel kernel(Explanation known, List<ExplainedKernel> kernels,
      List<MeasuredStep> steps, MachinePeaks peaks) {
    int calls = steps.stream().mapToInt(MeasuredStep::calls).max().orElseThrow();
    double micros = steps.stream().mapToDouble(MeasuredStep::micros).sum();
    Workload work = Workload.NONE;
    double moved = 0;
    boolean doubles = false;
    for (ExplainedKernel kernel : kernels) {
      work = work.plus(known.work(kernel));
      moved += known.moved(kernel).constant();
      doubles |= kernel.nodes().stream().anyMatch(Stopwatch::isDouble);
    }
    double flops = 2.0 * work.multiplyAdds().constant() + work.operations().constant();
    return new MeasuredKernel(kernels, calls, micros, calls * flops, calls * moved,
        doubles ? peaks.f64() : peaks.f32(), peaks.bandwidth(moved));
  }

  private static boolean isDouble(Node node) {
    return node.valueType() instanceof TensorType type && type.dtype() == DType.F64;
  }
}
