package io.kotangent.benchmarks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The figures of all frameworks, as tables. In a repeated run each figure is the best one.
final class Comparison {
  static final String OURS = "kotangent";
  static final String ROWS = "kotangent --rows";
  private static final List<String> JVM =
      List.of("djl", "onnxruntime-java", "tensorflow-java");
  private static final List<String> PYTHON =
      List.of("jax", "torch", "torchcompile", "onnxruntime");

  private final Map<String, Map<String, Figure>> figures = new LinkedHashMap<>();

  /// Runs everything, one process after the other: for each workload ours, then theirs.
  static Comparison run(Options options, List<Workload> workloads) {
    Comparison comparison = new Comparison();
    for (int round = 0; round < options.rounds(); round++) {
      for (Workload workload : workloads) {
        comparison.report(OURS, Worker.inChild(workload, options.withRows(false)));
        comparison.report(ROWS, Worker.inChild(workload, options.withRows(true)));
        for (String framework : frameworks(options)) {
          peer(options, framework, workload).ifPresent(f -> comparison.report(framework, f));
        }
      }
    }
    return comparison;
  }

  private static List<String> frameworks(Options options) {
    List<String> all = new ArrayList<>(JVM);
    if (!options.python().isEmpty()) {
      all.addAll(PYTHON);
    }
    if (!options.peers().isEmpty()) {
      if (!all.containsAll(options.peers())) {
        throw new IllegalArgumentException("--peers " + options.peers() + ": expected some of "
            + all + (options.python().isEmpty() ? " (more with --python)" : ""));
      }
      return options.peers();
    }
    return all;
  }

  private static Optional<Figure> peer(Options options, String framework, Workload workload) {
    List<String> arguments = List.of(framework, Integer.toString(options.threads()),
        Double.toString(options.seconds()), workload.name());
    try {
      List<String> lines;
      if (JVM.contains(framework)) {
        lines = Child.java(options.withRows(true), "io.kotangent.benchmarks.Peers", arguments);
      } else {
        List<String> command =
            new ArrayList<>(List.of(options.python(), System.getProperty("peers.script")));
        command.addAll(arguments);
        lines = Child.run(options, command, Map.of());
      }
      return lines.stream().flatMap(line -> Figure.parse(line).stream()).findFirst();
    } catch (IllegalStateException e) {
      System.err.println(framework + " has no figure for " + workload.name() + ": "
          + e.getMessage());
      return Optional.empty();
    }
  }

  private void report(String framework, Figure figure) {
    System.err.println(figure.json());
    add(framework, figure);
  }

  /// Takes a figure in; of two for one framework and workload, the better numbers stay.
  void add(String framework, Figure figure) {
    figures.computeIfAbsent(figure.workload(), _ -> new LinkedHashMap<>()).merge(framework, figure,
        Figure::best);
  }

  /// Both tables.
  String tables() {
    return "Least time of a step or call, µs (gemm: the speed, GFLOP/s):\n\n"
        + table(Comparison::speed, "")
        + "\nFirst training step, from the first call of the framework to the result, ms:\n\n"
        + table(figure -> new Cell(figure.firstMillis(), false), "-train");
  }

  /// A number of a table.
  record Cell(double value, boolean moreIsBetter) {
    /// How many times better this is than the other.
    double over(Cell other) {
      return moreIsBetter ? value / other.value : other.value / value;
    }

    String text() {
      return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    }
  }

  private static Cell speed(Figure figure) {
    double flops = Workloads.named(figure.workload()).getFirst().flops();
    return flops == 0 ? new Cell(figure.minMicros(), false)
        : new Cell(flops / figure.minMicros() / 1e3, true);
  }

  private String table(Function<Figure, Cell> number, String kind) {
    StringBuilder text = new StringBuilder("""
        | workload | best peer | others | kotangent | ratio | without the Vector API | ratio |
        |---|--:|---|--:|--:|--:|--:|
        """);
    figures.forEach((workload, row) -> {
      if (workload.endsWith(kind)) {
        text.append(line(workload, row, number));
      }
    });
    return text.toString();
  }

  private static String line(String workload, Map<String, Figure> row,
      Function<Figure, Cell> number) {
    List<Map.Entry<String, Cell>> peers = new ArrayList<>();
    row.forEach((framework, figure) -> {
      if (!framework.equals(OURS) && !framework.equals(ROWS)) {
        peers.add(Map.entry(framework, number.apply(figure)));
      }
    });
    Comparator<Map.Entry<String, Cell>> order =
        Comparator.comparingDouble(e -> e.getValue().value());
    boolean more = !peers.isEmpty() && peers.getFirst().getValue().moreIsBetter();
    peers.sort(more ? order.reversed() : order);
    List<String> cells = new ArrayList<>();
    cells.add("`" + workload + "`");
    cells.add(peers.isEmpty() ? "–" : peers.getFirst().getKey() + " "
        + peers.getFirst().getValue().text());
    List<String> others = new ArrayList<>();
    for (Map.Entry<String, Cell> other : peers.subList(Math.min(1, peers.size()), peers.size())) {
      others.add(other.getKey() + " " + other.getValue().text());
    }
    cells.add(String.join(", ", others));
    for (String own : List.of(OURS, ROWS)) {
      Optional<Cell> cell = Optional.ofNullable(row.get(own)).map(number);
      cells.add(cell.map(Cell::text).orElse("–"));
      cells.add(cell.filter(_ -> !peers.isEmpty())
          .map(c -> String.format(Locale.ROOT, "%.2f", c.over(peers.getFirst().getValue())))
          .orElse("–"));
    }
    return "| " + String.join(" | ", cells) + " |\n";
  }
}
