package io.kotangent.explain;

import io.kotangent.bytecode.StepWay;
import java.util.Locale;

/// How long a step takes.
///
/// @param way the way that it was taken while it was measured
/// @param calls how often a run calls it: more than once in a loop
/// @param micros of all its calls in a run, the median of many runs
public record MeasuredStep(ExplainedStep step, StepWay.Way way, int calls, double micros) {
  /// `step 4 exp_sum: 1.25 µs`.
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "step %d %s: %.2f µs%s", step.number(), step.name(), micros,
        calls == 1 ? "" : " in " + calls + " calls");
  }
}
