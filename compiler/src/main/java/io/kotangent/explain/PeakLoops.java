package io.kotangent.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Measures [MachinePeaks] by loops that C2 makes full vectors of.
final class PeakLoops {
  private static final int LENGTH = 2048;
  /// Multiply-adds of an element in [#floats] and [#doubles].
  private static final int CHAIN = 8;
  private static final int[] KIBIBYTES = {16, 256, 4 << 10, 16 << 10, 64 << 10};
  /// At most this part of the heap is taken for data.
  private static final int HEAP_PART = 8;
  private static final long SHORT_NANOS = 25_000_000;
  private static final long LONG_NANOS = 120_000_000;
  private static final double BLOCK = 4e5;
  private static final float SCALE = 0.75f;

  private final boolean fma;
  private int seen;

  private PeakLoops(boolean fma) {
    this.fma = fma;
  }

  /// @param fma whether there is a fused multiply and add; without, products and sums
  static MachinePeaks measure(boolean fma) {
    return new PeakLoops(fma).measure();
  }

  private MachinePeaks measure() {
    float[] floats = new float[LENGTH];
    double[] doubles = new double[LENGTH];
    double flops = 2.0 * CHAIN * LENGTH;
    double f32 = best(LONG_NANOS, flops,
        fma ? () -> floats(floats, SCALE, 1) : () -> plainFloats(floats, SCALE, 1));
    double f64 = best(LONG_NANOS, flops,
        fma ? () -> doubles(doubles, SCALE, 1) : () -> plainDoubles(doubles, SCALE, 1));
    List<MachinePeaks.Bandwidth> bandwidths = new ArrayList<>();
    for (int kibibytes : KIBIBYTES) {
      long size = (long) kibibytes << 10;
      if (bandwidths.isEmpty() || size <= Runtime.getRuntime().maxMemory() / HEAP_PART) {
        bandwidths.add(new MachinePeaks.Bandwidth(size,
            bandwidth(size, bandwidths.isEmpty() ? LONG_NANOS : SHORT_NANOS)));
      }
    }
    return new MachinePeaks(f32, f64, bandwidths);
  }

  /// The better of reading and writing, and of reading alone.
  private double bandwidth(long size, long nanos) {
    float[] from = new float[(int) (size / (2 * Float.BYTES))];
    float[] to = new float[from.length];
    double bytes = 2.0 * Float.BYTES * from.length;
    double reading = best(nanos, bytes, () -> seen += Arrays.mismatch(from, to));
    return Math.max(reading, best(nanos, bytes, () -> scaled(to, from, SCALE)));
  }

  /// Units a second, at best: blocks of calls are timed until the time is over.
  private static double best(long nanos, double units, Runnable loop) {
    int calls = (int) Math.max(1, BLOCK / units);
    double best = 0;
    long now = System.nanoTime();
    long end = now + nanos;
    while (now < end) {
      long start = System.nanoTime();
      for (int i = 0; i < calls; i++) {
        loop.run();
      }
      now = System.nanoTime();
      best = Math.max(best, units * calls * 1e9 / Math.max(1, now - start));
    }
    return best;
  }

  private static void scaled(float[] to, float[] from, float scale) {
    for (int i = 0; i < to.length; i++) {
      to[i] = from[i] * scale;
    }
  }

  private static void floats(float[] values, float m, float a) {
    for (int i = 0; i < values.length; i++) {
      float x = Math.fma(Math.fma(Math.fma(Math.fma(values[i], m, a), m, a), m, a), m, a);
      values[i] = Math.fma(Math.fma(Math.fma(Math.fma(x, m, a), m, a), m, a), m, a);
    }
  }

  private static void doubles(double[] values, double m, double a) {
    for (int i = 0; i < values.length; i++) {
      double x = Math.fma(Math.fma(Math.fma(Math.fma(values[i], m, a), m, a), m, a), m, a);
      values[i] = Math.fma(Math.fma(Math.fma(Math.fma(x, m, a), m, a), m, a), m, a);
    }
  }

  private static void plainFloats(float[] values, float m, float a) {
    for (int i = 0; i < values.length; i++) {
      float x = (((values[i] * m + a) * m + a) * m + a) * m + a;
      values[i] = (((x * m + a) * m + a) * m + a) * m + a;
    }
  }

  private static void plainDoubles(double[] values, double m, double a) {
    for (int i = 0; i < values.length; i++) {
      double x = (((values[i] * m + a) * m + a) * m + a) * m + a;
      values[i] = (((x * m + a) * m + a) * m + a) * m + a;
    }
  }
}
