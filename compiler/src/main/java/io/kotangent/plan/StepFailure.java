package io.kotangent.plan;

import io.kotangent.type.KotangentException;
import java.util.List;

/// Turns what a kernel threw into the exception that users see: which step, from which of their lines.
public final class StepFailure {
  private StepFailure() {
  }

  public static KotangentException of(StepLines steps, StepLines.Line step,
      RuntimeException cause) {
    String origins = step.origins();
    return new KotangentException(
        steps.program() + ": " + reason(cause) + " in step '" + step.step() + "' ("
            + steps.file() + ":" + step.line() + ")"
            + (origins.isEmpty() ? "" : ", which computes what was written at " + origins)
            + advice(cause),
        cause);
  }

  /// When the step is only known to be one of several.
  public static KotangentException within(StepLines steps, int firstLine, int lastLine,
      RuntimeException cause) {
    return new KotangentException(
        steps.program() + ": " + reason(cause) + " in a step of lines " + firstLine + " to "
            + lastLine + " of " + steps.file() + advice(cause),
        cause);
  }

  /// When the JVM left out the stack trace, as it does for what hot code throws again and again: names the only step that can
  /// have done it, or all.
  public static KotangentException untraced(StepLines steps, RuntimeException cause) {
    List<StepLines.Line> dividing =
        steps.lines().stream().filter(StepLines.Line::divides).toList();
    if (cause instanceof ArithmeticException && dividing.size() == 1) {
      return of(steps, dividing.getFirst(), cause);
    }
    return new KotangentException(
        steps.program() + ": " + reason(cause) + (cause instanceof ArithmeticException
            ? " in one of the steps at lines "
                + dividing.stream().map(StepLines.Line::line).toList() + " of " + steps.file()
            : "; run with -XX:-OmitStackTraceInFastThrow to learn in which step") + advice(cause),
        cause);
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
