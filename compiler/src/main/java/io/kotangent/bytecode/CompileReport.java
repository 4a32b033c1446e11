package io.kotangent.bytecode;

import io.kotangent.pass.Report;
import java.util.List;
import java.util.Locale;

/// What a compilation did and how long it took.
///
/// @param stages in order, with their times
/// @param passes which pass and rule did what
/// @param steps lines of steps in the listing
/// @param kernels different kernels that the program calls
/// @param newKernels how many of them were not loaded yet
/// @param largestMethod the bytes of bytecode of the largest method, kernels included
public record CompileReport(List<Stage> stages, List<Report.Line> passes, int steps, int kernels,
    int newKernels, int largestMethod) {
  /// A stage and its time.
  public record Stage(String name, long nanos) {
  }

  public CompileReport {
    stages = List.copyOf(stages);
    passes = List.copyOf(passes);
  }

  /// The time of all stages.
  public long nanos() {
    long sum = 0;
    for (Stage stage : stages) {
      sum += stage.nanos();
    }
    return sum;
  }

  /// `12 steps, 9 kernels (4 new), largest method 811 bytes; passes 3.1 ms, plan 8.0 ms, code 11.2 ms`.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(steps).append(" steps, ").append(kernels).append(" kernels (").append(newKernels)
        .append(" new), largest method ").append(largestMethod).append(" bytes");
    String separator = "; ";
    for (Stage stage : stages) {
      text.append(separator).append(stage.name()).append(' ')
          .append(String.format(Locale.ROOT, "%.1f ms", stage.nanos() / 1e6));
      separator = ", ";
    }
    return text.toString();
  }
}
