package io.kotangent.explain;

import java.util.List;
import java.util.Locale;

/// What one core of this machine does at best, as Java code: measured, in less than a second ([Explanation#measured]).
///
/// @param f32 flop/s of multiply-adds of floats that are in registers; a multiply-add counts two
/// @param f64 the same of doubles
/// @param bandwidths bytes/s that are read and written, for data of growing size: in caches, then in memory
public record MachinePeaks(double f32, double f64, List<Bandwidth> bandwidths) {
  /// @param size bytes of the data
  /// @param bytesPerSecond read and written
  public record Bandwidth(long size, double bytesPerSecond) {
    /// `162 GB/s in 16 KiB`.
    @Override
    public String toString() {
      boolean small = size < 1 << 20;
      return String.format(Locale.ROOT, "%.0f GB/s in %d %s", bytesPerSecond / 1e9,
          small ? size >> 10 : size >> 20, small ? "KiB" : "MiB");
    }
  }

  public MachinePeaks {
    bandwidths = List.copyOf(bandwidths);
  }

  /// The bandwidth for that many bytes: of the smallest data measured that are at least as large.
  public double bandwidth(double bytes) {
    for (Bandwidth each : bandwidths) {
      if (bytes <= each.size()) {
        return each.bytesPerSecond();
      }
    }
    return bandwidths.getLast().bytesPerSecond();
  }

  /// `one core: 110 Gflop/s (f32), 55 (f64); 162 GB/s in 16 KiB, …`.
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "one core: %.0f Gflop/s (f32), %.0f (f64); %s", f32 / 1e9,
        f64 / 1e9, String.join(", ", bandwidths.stream().map(Bandwidth::toString).toList()));
  }
}
