package io.kotangent.plan;

import io.kotangent.type.KotangentException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Turns what a kernel threw into the exception that users see: which step, from which of their lines.
public final class StepFailure {
  private StepFailure() {
  }

  /// @param line the step's line in the listing
  public static KotangentException of(Plan plan, PlanNames names, Step.Run run, int line,
      RuntimeException cause) {
    String origins = PlanPrinter.origins(run.nodes());
    return new KotangentException(
        plan.name() + ": " + reason(cause) + " in step '" + run.name() + "' (" + names.fileName()
            + ":" + line + ")"
            + (origins.isEmpty() ? "" : ", which computes what was written at " + origins)
            + advice(cause),
        cause);
  }

  /// When the step is only known to be one of several.
  public static KotangentException within(Plan plan, PlanNames names, int firstLine, int lastLine,
      RuntimeException cause) {
    return new KotangentException(
        plan.name() + ": " + reason(cause) + " in a step of lines " + firstLine + " to "
            + lastLine + " of " + names.fileName() + advice(cause),
        cause);
  }

  /// When the JVM left out the stack trace, as it does for what hot code throws again and again: names the only step that can
  /// have done it, or all.
  public static KotangentException untraced(Plan plan, PlanNames names, RuntimeException cause) {
    Map<Integer, Step.Run> dividing = new TreeMap<>();
    find(plan.steps(), PlanPrinter.firstLine(plan), dividing);
    if (cause instanceof ArithmeticException && dividing.size() == 1) {
      Map.Entry<Integer, Step.Run> only = dividing.entrySet().iterator().next();
      return of(plan, names, only.getValue(), only.getKey(), cause);
    }
    return new KotangentException(
        plan.name() + ": " + reason(cause) + (cause instanceof ArithmeticException
            ? " in one of the steps at lines " + dividing.keySet() + " of " + names.fileName()
            : "; run with -XX:-OmitStackTraceInFastThrow to learn in which step") + advice(cause),
        cause);
  }

  /// The steps that divide integers, by their lines.
  private static void find(List<Step> steps, int firstLine, Map<Integer, Step.Run> dividing) {
    int line = firstLine;
    for (Step step : steps) {
      switch (step) {
        case Step.Run run -> {
          if (run.kernel().body().stream().anyMatch(IntegerDivision::in)) {
            dividing.put(line, run);
          }
        }
        case Step.Barrier _ -> {
          // computes nothing
        }
        case Step.Repeat repeat -> find(repeat.body(), line + 1, dividing);
        case Step.When when -> {
          find(when.then(), line + 1, dividing);
          find(when.otherwise(), line + 2 + PlanPrinter.lines(when.then()), dividing);
        }
      }
      line += PlanPrinter.lines(step);
    }
  }

  private static String reason(RuntimeException cause) {
    return switch (cause) {
      case ArithmeticException e when isOverflow(e) -> "a size or place overflows";
      case ArithmeticException e ->
          "integer " + (e.getMessage() == null ? "overflow or division by zero"
              : e.getMessage().equals("/ by zero") ? "division by zero" : e.getMessage());
      case IndexOutOfBoundsException e -> "an array is too short (" + e.getMessage() + ")";
      case IllegalArgumentException e -> String.valueOf(e.getMessage());
      default -> cause.toString();
    };
  }

  /// Integers of a graph wrap around; sizes are computed exactly.
  private static boolean isOverflow(ArithmeticException e) {
    return e.getMessage() != null && e.getMessage().endsWith("overflow");
  }

  private static String advice(RuntimeException cause) {
    return cause instanceof ArithmeticException e && !isOverflow(e)
        ? ": every divisor must be nonzero, also where a select discards the quotient; guard the divisor"
        : "";
  }
}
