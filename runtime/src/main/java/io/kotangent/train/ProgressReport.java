package io.kotangent.train;

import io.kotangent.type.Argument;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Listeners that tell people how a training goes. */
public final class ProgressReport {
  private ProgressReport() {
  }

  /**
   * One line an epoch: {@code epoch  3/15  loss 0.1234  accuracy 0.9510  1.2 s}. An {@link UncheckedIOException} if it
   * cannot be written.
   */
  public static TrainingListener lines(Appendable out) {
    return new Lines(Argument.given(out, "where the lines go"));
  }

  /**
   * A progress bar and a line an epoch if this process has a terminal and the library {@code me.tongfei:progressbar} is
   * there, otherwise lines only. {@code out} must be the terminal then: the standard output or error.
   */
  public static TrainingListener terminal(PrintStream out) {
    Argument.given(out, "the standard output or error");
    try {
      return isTerminal() ? new Bar(out) : lines(out);
    } catch (NoClassDefFoundError e) {
      return lines(out);
    }
  }

  private static boolean isTerminal() {
    Optional<Console> console = Optional.ofNullable(System.console());
    if (console.isEmpty() || System.getenv("CI") != null || "dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    try {
      // Java 22 and 23 have a console without a terminal too, and this method to tell.
      return (boolean) MethodHandles.publicLookup()
          .findVirtual(Console.class, "isTerminal", MethodType.methodType(boolean.class))
          .invoke(console.get());
    } catch (NoSuchMethodException e) {
      return true;
    } catch (Throwable e) {
      return false;
    }
  }

  /** The line of an epoch, without its end. */
  static String line(Progress progress, EpochReport report) {
    int digits = Integer.toString(progress.epochs()).length();
    StringBuilder line =
        new StringBuilder(String.format(Locale.ROOT, "epoch %" + digits + "d/%d  loss %.4f",
            report.epoch(), progress.epochs(), report.loss()));
    for (Map.Entry<String, Double> metric : report.metrics().entrySet()) {
      line.append(String.format(Locale.ROOT, "  %s %.4f", metric.getKey(), metric.getValue()));
    }
    return line.append(String.format(Locale.ROOT, "  %.1f s", report.seconds())).toString();
  }

  private record Lines(Appendable out) implements TrainingListener {
    @Override
    public void onEpoch(Progress progress, EpochReport report) {
      try {
        out.append(line(progress, report)).append('\n');
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
