package io.kotangent.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/// A measurement in words and as the rows of a roofline.
final class MeasurementTable {
  static final List<String> HEADS = List.of("kernel", "µs", "of the run", "Gflop/s", "GB/s",
      "flop/byte", "of the peak", "bound by");

  private final Measurement measurement;

  MeasurementTable(Measurement measurement) {
    this.measurement = measurement;
  }

  /// What was measured and how.
  List<String> head() {
    StringJoiner sizes = new StringJoiner(", ", " with ", "").setEmptyValue("");
    Map<String, Long> sorted = new TreeMap<>(measurement.sizes());
    sorted.forEach((name, size) -> sizes.add(name + " = " + size));
    return List.of(
        format(
            "A run%s takes %.2f µs by one thread (median of %d); its steps, each with a clock around it, take %.2f µs together (%.0f %%).",
            sizes, measurement.micros(), measurement.runs(), measurement.stepMicros(),
            100 * measurement.stepMicros() / measurement.micros()),
        "What this machine does at best, measured just then: " + measurement.peaks() + ".");
  }

  /// The kernels, then what is none.
  List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    for (MeasuredKernel kernel : measurement.kernels()) {
      rows.add(List.of(
          kernel.name() + (kernel.calls() == 1 ? "" : ", " + kernel.calls() + " times"),
          format("%.2f", kernel.micros()), share(kernel.micros()),
          kernel.flops() == 0 ? "" : format("%.1f", kernel.flopsPerSecond() / 1e9),
          format("%.1f", kernel.bytesPerSecond() / 1e9), format("%.2f", kernel.intensity()),
          format("%.0f %%", 100 * kernel.share()),
          kernel.bound().name().toLowerCase(Locale.ROOT)));
    }
    if (measurement.copySteps() > 0) {
      rows.add(rest(measurement.copyMicros(), "copies"));
    }
    rows.add(rest(measurement.betweenMicros(), "between steps"));
    return rows;
  }

  private List<String> rest(double micros, String what) {
    return List.of(what, format("%.2f", micros), share(micros), "", "", "", "", "");
  }

  private String share(double micros) {
    return format("%.1f %%", 100 * micros / measurement.micros());
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /// The table, names to the left, numbers to the right.
  String print() {
    List<List<String>> all = new ArrayList<>(List.of(HEADS));
    all.addAll(rows());
    StringBuilder text = new StringBuilder();
    head().forEach(line -> text.append(line).append('\n'));
    text.append('\n');
    for (List<String> row : all) {
      for (int i = 0; i < HEADS.size(); i++) {
        int column = i;
        int width = all.stream().mapToInt(each -> each.get(column).length()).max().orElse(0);
        String space = " ".repeat(width - row.get(i).length());
        text.append(i == 0 ? row.get(i) + space : "  " + space + row.get(i));
      }
      text.append('\n');
    }
    return text.toString();
  }
}
