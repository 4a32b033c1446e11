package io.kotangent.explain;

import io.kotangent.ir.Graph;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a pass made of a graph. The last one prepares it for the planner: calls are written out, and copies that kernels want become
/// nodes.
///
/// @param hits how often each rule and rewrite was applied
/// @param after the same object as `before` if nothing changed
public record ExplainedPass(String name, Map<String, Integer> hits, Graph before, Graph after) {
  public ExplainedPass {
    hits = Collections.unmodifiableMap(new LinkedHashMap<>(hits));
  }

  /// Whether the graph after it is another one.
  public boolean changed() {
    return before != after && !before.equals(after);
  }

  /// The lines of the graph's text that went, each after `- `, and those that came, each after `+ `. A node that only has other operands
  /// is not among them, nor is one that only has another number.
  public List<String> lines() {
    return Changes.between(before, after).lines();
  }

  /// `simplify: 120 -> 98 nodes, fold_constants ×3`.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name).append(": ").append(before.schedule().size())
        .append(" -> ").append(after.schedule().size()).append(" nodes");
    hits.forEach((rule, count) -> text.append(", ").append(rule).append(" ×").append(count));
    return text.toString();
  }
}
