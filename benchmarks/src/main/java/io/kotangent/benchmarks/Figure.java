package io.kotangent.benchmarks;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One line of results, in the form that all frameworks are reported in.
///
/// @param firstMillis from the first call of the framework to the first result
/// @param medianMicros of the blocks, for each step or call
/// @param minMicros of the best block
/// @param gflops by the median; none where a workload is not told in flops
record Figure(String framework, int threads, String workload, double firstMillis,
    double medianMicros, double minMicros, Optional<Double> gflops) {
  private static final Pattern FIELD = Pattern.compile(
      "\"(\\w+)\"\\s*:\\s*(?:\"([^\"]*)\"|(-?[0-9.]+(?:[eE][-+]?[0-9]+)?))");

  /// The line.
  String json() {
    String line = String.format(Locale.ROOT,
        "{\"fw\":\"%s\",\"threads\":%d,\"workload\":\"%s\",\"first_ms\":%.2f,\"median_us\":%.2f,\"min_us\":%.2f",
        framework, threads, workload, firstMillis, medianMicros, minMicros);
    return line
        + gflops.map(g -> String.format(Locale.ROOT, ",\"gflops\":%.1f", g)).orElse("") + "}";
  }

  /// The better numbers of both.
  Figure best(Figure other) {
    return new Figure(framework, threads, workload, Math.min(firstMillis, other.firstMillis),
        Math.min(medianMicros, other.medianMicros), Math.min(minMicros, other.minMicros),
        gflops.map(g -> Math.max(g, other.gflops.orElse(g))));
  }

  /// A line as [#json] or another framework's script writes it; none for a line that is something else.
  static Optional<Figure> parse(String line) {
    if (!line.startsWith("{")) {
      return Optional.empty();
    }
    Map<String, String> fields = new TreeMap<>();
    Matcher field = FIELD.matcher(line);
    while (field.find()) {
      fields.put(field.group(1), field.group(2) == null ? field.group(3) : field.group(2));
    }
    for (String name : new String[] {"fw", "threads", "workload", "first_ms", "median_us",
        "min_us"}) {
      if (!fields.containsKey(name)) {
        return Optional.empty();
      }
    }
    return Optional.of(new Figure(fields.get("fw"), Integer.parseInt(fields.get("threads")),
        fields.get("workload"), number(fields, "first_ms"), number(fields, "median_us"),
        number(fields, "min_us"),
        Optional.ofNullable(fields.get("gflops")).map(Double::valueOf)));
  }

  private static double number(Map<String, String> fields, String name) {
    return Double.parseDouble(fields.get(name));
  }
}
