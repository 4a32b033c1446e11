package io.kotangent.explain;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// How long a program takes on this machine by one thread, and where ([Explanation#measured]).
///
/// @param sizes what the symbolic sizes were
/// @param runs how many runs were measured, once they were no longer getting faster
/// @param micros of a run, the median
/// @param steps those that were taken, in the order of the listing
/// @param kernels those that took time, in their order. What a loop or a branch does is with the kernels in it
public record Measurement(MachinePeaks peaks, Map<String, Long> sizes, int runs, double micros,
    List<MeasuredStep> steps, List<MeasuredKernel> kernels) {
  public Measurement {
    sizes = Map.copyOf(sizes);
    steps = List.copyOf(steps);
    kernels = List.copyOf(kernels);
  }

  /// Those of all steps together.
  public double stepMicros() {
    return steps.stream().mapToDouble(MeasuredStep::micros).sum();
  }

  /// What a run takes besides its steps: checks of what is fed, the program's own code, and calls. It may be a little below 0,
  /// for a step is measured with a clock around it.
  public double betweenMicros() {
    return micros - stepMicros();
  }

  /// Those of steps that are no kernel's: copies that the planner put in.
  public double copyMicros() {
    return copies().mapToDouble(MeasuredStep::micros).sum();
  }

  /// How many such steps there are.
  int copySteps() {
    return (int) copies().count();
  }

  private Stream<MeasuredStep> copies() {
    return steps.stream().filter(step -> kernels.stream().flatMap(each -> each.kernels().stream())
        .noneMatch(kernel -> kernel.steps().contains(step.step())));
  }

  /// A sentence on the whole, then a row for each kernel.
  @Override
  public String toString() {
    return new MeasurementTable(this).print();
  }
}
