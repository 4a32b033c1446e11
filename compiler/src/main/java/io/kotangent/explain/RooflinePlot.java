package io.kotangent.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// A measurement as a roofline: how fast each kernel computes against how much it computes with each byte, both in powers of ten, under what
/// the machine does at best. As an SVG.
final class RooflinePlot {
  private static final int WIDTH = 560;
  private static final int HEIGHT = 360;
  private static final int LEFT = 46;
  private static final int RIGHT = 12;
  private static final int TOP = 12;
  private static final int BOTTOM = 38;
  private static final int LINE = 12;
  private static final double HEADROOM = 0.4;
  private static final double SMALLEST = 3;
  private static final double LARGEST = 11;
  private static final double[][] SIDES =
      {{1, 0}, {-1, 0}, {0, -1}, {0, 1}, {0.7, -0.7}, {-0.7, -0.7}, {0.7, 0.7}, {-0.7, 0.7}};

  /// Where nothing else may be drawn.
  private record Box(double left, double top, double right, double bottom) {
    boolean meets(Box other) {
      return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }

    boolean isInside() {
      return left >= LEFT && right <= WIDTH - RIGHT && top >= TOP && bottom <= HEIGHT - BOTTOM;
    }
  }

  private final Measurement measurement;
  private final List<MeasuredKernel> kernels;
  private final StringBuilder svg = new StringBuilder();
  private final List<Box> taken = new ArrayList<>();
  /// Exponents of ten.
  private final double least;
  private final double most;
  private final double low;
  private final double high;

  private RooflinePlot(Measurement measurement) {
    this.measurement = measurement;
    kernels = measurement.kernels().stream().filter(kernel -> kernel.flops() > 0)
        .sorted(Comparator.comparingDouble(MeasuredKernel::micros).reversed()).toList();
    MachinePeaks peaks = measurement.peaks();
    least =
        Math.floor(kernels.stream().mapToDouble(k -> Math.log10(k.intensity())).min().orElse(-1));
    most = Math.max(2, Math
        .ceil(kernels.stream().mapToDouble(k -> Math.log10(k.intensity())).max().orElse(2)));
    low = Math.floor(Math.min(Math.log10(peaks.f32()) - 2,
        kernels.stream().mapToDouble(k -> Math.log10(k.flopsPerSecond())).min().orElse(9)));
    high = Math.log10(peaks.f32()) + HEADROOM;
  }

  static String of(Measurement measurement) {
    return new RooflinePlot(measurement).draw();
  }

  private double x(double intensity) {
    return LEFT + (WIDTH - LEFT - RIGHT) * (Math.log10(intensity) - least) / (most - least);
  }

  private double y(double flops) {
    return HEIGHT - BOTTOM
        - (HEIGHT - TOP - BOTTOM) * (Math.log10(flops) - low) / (high - low);
  }

  private String draw() {
    add("<svg class='roof kotangent' viewBox='0 0 %d %d' role='img' aria-label='Roofline'>", WIDTH,
        HEIGHT);
    axes();
    roofs();
    kernels.forEach(kernel -> taken.add(circle(kernel)));
    kernels.forEach(this::kernel);
    return svg.append("</svg>").toString();
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }

  private void axes() {
    for (int power = (int) least; power <= most; power++) {
      double x = x(Math.pow(10, power));
      add("<path class='grid' d='M%.1f %dV%d'/>", x, TOP, HEIGHT - BOTTOM);
      add("<text x='%.1f' y='%d' text-anchor='%s'>%s</text>", x, HEIGHT - BOTTOM + 14,
          power == most ? "end" : "middle", number(power));
    }
    for (int power = (int) low; power <= high; power++) {
      double y = y(Math.pow(10, power));
      add("<path class='grid' d='M%d %.1fH%d'/>", LEFT, y, WIDTH - RIGHT);
      if (power > low) {
        add("<text x='%d' y='%.1f' text-anchor='end'>%s</text>", LEFT - 4, y + 4,
            number(power - 9));
      }
    }
    add("<text x='%d' y='%d' text-anchor='end'>flop/byte</text>", WIDTH - RIGHT, HEIGHT - 6);
    add("<text x='%d' y='%d'>Gflop/s</text>", 2, HEIGHT - 6);
  }

  private static String number(int power) {
    return power < 0 ? "0." + "0".repeat(-power - 1) + "1" : "1" + "0".repeat(power);
  }

  /// The slopes of memory and caches, and the flat ones of the types that are computed in.
  private void roofs() {
    double bottom = Math.pow(10, low);
    double ridge = measurement.peaks().f32();
    List<MachinePeaks.Bandwidth> slopes = measurement.peaks().bandwidths();
    for (MachinePeaks.Bandwidth each : slopes) {
      double from = Math.max(Math.pow(10, least), bottom / each.bytesPerSecond());
      double to = Math.min(Math.pow(10, most), ridge / each.bytesPerSecond());
      if (from < to) {
        add("<path class='peak' d='M%.1f %.1fL%.1f %.1f'/>", x(from),
            y(from * each.bytesPerSecond()), x(to), y(to * each.bytesPerSecond()));
      }
    }
    double y = HEIGHT - BOTTOM - 6.0 - LINE * slopes.size();
    label("slopes, from above:", y);
    for (MachinePeaks.Bandwidth each : slopes) {
      y += LINE;
      label(each.toString(), y);
    }
    kernels.stream().mapToDouble(MeasuredKernel::peakFlops).distinct().forEach(peak -> {
      add("<path class='peak' d='M%.1f %.1fH%d'/>",
          x(Math.max(Math.pow(10, least),
              peak / measurement.peaks().bandwidths().getFirst().bytesPerSecond())),
          y(peak), WIDTH - RIGHT);
      String name = String.format(Locale.ROOT, "%.0f Gflop/s %s", peak / 1e9,
          peak == ridge ? "f32" : "f64");
      label(name, y(peak) + (peak == ridge ? -4 : LINE));
    });
  }

  /// At the right.
  private void label(String text, double y) {
    double right = WIDTH - RIGHT - 4.0;
    add("<text class='t' x='%.1f' y='%.1f' text-anchor='end'>%s</text>", right, y,
        Html.text(text));
    taken.add(new Box(right - 6.1 * text.length(), y - LINE + 2, right, y + 2));
  }

  private double radius(MeasuredKernel kernel) {
    return SMALLEST + (LARGEST - SMALLEST)
        * Math.sqrt(Math.clamp(kernel.micros() / measurement.micros(), 0, 1));
  }

  private Box circle(MeasuredKernel kernel) {
    double x = x(kernel.intensity());
    double y = y(kernel.flopsPerSecond());
    double r = radius(kernel);
    return new Box(x - r, y - r, x + r, y + r);
  }

  /// A circle, as large as its share of the run, and its number where there is room.
  private void kernel(MeasuredKernel kernel) {
    double x = x(kernel.intensity());
    double y = y(kernel.flopsPerSecond());
    double r = radius(kernel);
    add("<circle class='%s' cx='%.1f' cy='%.1f' r='%.1f'><title>%s</title></circle>",
        kernel.bound() == MeasuredKernel.Bound.COMPUTE ? "c" : "m", x, y, r,
        Html.text(kernel.toString()));
    String number = String.valueOf(kernel.kernels().getFirst().number());
    double width = 7.3 * number.length();
    for (double[] side : SIDES) {
      double middle = x + side[0] * (r + 2 + width / 2);
      double base = y + side[1] * (r + 6) + 4;
      Box box = new Box(middle - width / 2, base - 10, middle + width / 2, base + 1);
      if (box.isInside() && taken.stream().noneMatch(box::meets)) {
        taken.add(box);
        add("<text x='%.1f' y='%.1f' text-anchor='middle'>%s</text>", middle, base, number);
        return;
      }
    }
  }
}
