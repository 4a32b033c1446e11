package io.kotangent.explain;

import java.util.List;
import java.util.Locale;

/// How long a kernel takes, beside what the machine could do: a row of a roofline.
///
/// @param kernels that one; several where the planner has merged their loops, such as those of updates
/// @param calls how often a run computes it: more than once in a loop
/// @param micros of its steps in a run, the sum of their medians
/// @param flops those of a run: two for a multiply-add, one for each other operation, whatever it is. As the nodes are written, so one that
/// is computed with less has more than it makes
/// @param bytes that it has to read and write in a run
/// @param peakFlops flop/s of one core in its type
/// @param peakBytes bytes/s of one core for that many bytes
public record MeasuredKernel(List<ExplainedKernel> kernels, int calls, double micros, double flops,
    double bytes, double peakFlops, double peakBytes) {
  public MeasuredKernel {
    kernels = List.copyOf(kernels);
  }

  /// `kernel 3 exp_sum`, `kernels 37 to 44 mul_add`.
  public String name() {
    ExplainedKernel first = kernels.getFirst();
    return (kernels.size() == 1 ? "kernel " + first.number()
        : "kernels " + first.number() + " to " + kernels.getLast().number()) + " " + first.name();
  }

  /// What a kernel is up against.
  public enum Bound {
    /// The machine computes no faster.
    COMPUTE,
    /// The machine brings and takes no faster what it computes with.
    MEMORY
  }

  /// flop/s.
  public double flopsPerSecond() {
    return flops / seconds();
  }

  /// Bytes/s.
  public double bytesPerSecond() {
    return bytes / seconds();
  }

  /// flops for each byte.
  public double intensity() {
    return flops / Math.max(1, bytes);
  }

  private double seconds() {
    return micros / 1e6;
  }

  /// What takes the machine longer, at its peaks: computing or moving.
  public Bound bound() {
    return flops / peakFlops > bytes / peakBytes ? Bound.COMPUTE : Bound.MEMORY;
  }

  /// The time that it would take at the machine's peak by the time that it takes: its share of the peak. Over 1 where it need not do
  /// what was counted.
  public double share() {
    return Math.max(flops / peakFlops, bytes / peakBytes) / seconds();
  }

  /// `kernel 3 exp_sum: 1.25 µs, 12.0 Gflop/s, 8.1 GB/s; 41 % of the peak (memory)`.
  @Override
  public String toString() {
    return String.format(Locale.ROOT,
        "%s: %.2f µs, %.1f Gflop/s, %.1f GB/s; %.0f %% of the peak (%s)", name(), micros,
        flopsPerSecond() / 1e9, bytesPerSecond() / 1e9,
        100 * share(), bound().name().toLowerCase(Locale.ROOT));
  }
}
