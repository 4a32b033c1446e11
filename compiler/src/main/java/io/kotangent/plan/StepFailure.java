package io.kotangent.plan;

import io.kotangent.type.KotangentException;

/// Turns what a kernel threw into the exception that users see: which step, from which of their lines.
public final class StepFailure {
  private StepFailure() {
  }

  /// @param line the step's line in the listing
  public static KotangentException of(Plan plan, PlanNames names, Step.Run run, int line, RuntimeException cause) {
    String origins = PlanPrinter.origins(run.nodes());
    return new KotangentException(plan.name() + ": " + reason(cause) + " in step '" + run.name() + "' (" + names.fileName()
        + ":" + line + ")" + (origins.isEmpty() ? "" : ", which computes what was written at " + origins)
        + advice(cause), cause);
  }

  /// When the step is only known to be one of several.
  public static KotangentException within(Plan plan, PlanNames names, int firstLine, int lastLine,
      RuntimeException cause) {
    return new KotangentException(plan.name() + ": " + reason(cause) + " in a step of lines " + firstLine + " to "
        + lastLine + " of " + names.fileName() + advice(cause), cause);
  }

  private static String reason(RuntimeException cause) {
    return switch (cause) {
      case ArithmeticException e -> "integer " + (e.getMessage() == null ? "overflow or division by zero"
          : e.getMessage().equals("/ by zero") ? "division by zero" : e.getMessage());
      case IndexOutOfBoundsException e -> "an array is too short (" + e.getMessage() + ")";
      case IllegalArgumentException e -> String.valueOf(e.getMessage());
      default -> cause.toString();
    };
  }

  private static String advice(RuntimeException cause) {
    return cause instanceof ArithmeticException
        ? ": every divisor must be nonzero, also where a select discards the quotient; guard the divisor"
        : "";
  }
}
