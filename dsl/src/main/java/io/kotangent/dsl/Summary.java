package io.kotangent.dsl;

import io.kotangent.ir.Graph;
import io.kotangent.ir.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The layers of a model, as a table.
final class Summary {
  private record Row(String layer, String shape, List<Node> parameters) {
    String count() {
      return grouped(parameters.stream().mapToLong(Summary::size).sum());
    }
  }

  private final List<Row> rows = new ArrayList<>();

  /// A layer, named by the scope that is entered.
  void add(Value output, List<Value> parameters) {
    rows.add(new Row(output.trace().scopePath(), output.node().shape().toString(),
        parameters.stream().map(Value::node).toList()));
  }

  private static long size(Node parameter) {
    return parameter.shape().size().constant();
  }

  private static String grouped(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /// The table; parameters that belong to no layer have rows of their own.
  String text(Model model) {
    List<Row> all = new ArrayList<>(rows);
    Set<Node> inLayers = new HashSet<>();
    rows.forEach(row -> inLayers.addAll(row.parameters));
    for (Node parameter : model.declared().parameters().keySet()) {
      if (!inLayers.contains(parameter)) {
        all.add(new Row(Graph.port(parameter).name(), parameter.shape().toString(),
            List.of(parameter)));
      }
    }
    long total = model.declared().parameters().keySet().stream().mapToLong(Summary::size).sum();
    int name = Math.max(12, all.stream().mapToInt(r -> r.layer.length()).max().orElse(0));
    int shape = Math.max(14, all.stream().mapToInt(r -> r.shape.length()).max().orElse(0));
    String line = "%-" + name + "s  %-" + shape + "s  %12s\n";
    String rule = "─".repeat(name + shape + 16) + "\n";
    StringBuilder text = new StringBuilder("Model: " + model.name() + "\n" + rule);
    text.append(String.format(Locale.ROOT, line, "Layer", "Output shape", "Parameters"))
        .append(rule);
    for (Row row : all) {
      text.append(String.format(Locale.ROOT, line, row.layer,
          row.shape.isEmpty() ? "[]" : row.shape, row.count()));
    }
    return text.append(rule).append(String.format(Locale.ROOT, line, "Total", "", grouped(total)))
        .toString();
  }
}
