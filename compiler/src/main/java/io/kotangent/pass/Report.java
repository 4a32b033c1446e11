package io.kotangent.pass;

import io.kotangent.ir.Graph;
import java.util.List;
import java.util.Map;

/// What a pipeline made of a graph, and which pass and rule did what.
public record Report(Graph graph, List<Line> lines) {
  /// @param hits how often each rule and rewrite was applied
  public record Line(String pass, long nanos, int nodesBefore, int nodesAfter,
      Map<String, Integer> hits) {
    @Override
    public String toString() {
      StringBuilder text =
          new StringBuilder(pass).append(": ").append(nodesBefore).append(" -> ").append(nodesAfter)
              .append(" nodes");
      hits.forEach((name, count) -> text.append(", ").append(name).append(" ×").append(count));
      return text.toString();
    }
  }

  public Report {
    lines = List.copyOf(lines);
  }

  /// How often a rule or rewrite was applied in all passes.
  public int hits(String name) {
    int hits = 0;
    for (Line line : lines) {
      hits += line.hits.getOrDefault(name, 0);
    }
    return hits;
  }

  /// One pass a line, without times: the same for every run.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Line line : lines) {
      text.append(line).append('\n');
    }
    return text.toString();
  }
}
