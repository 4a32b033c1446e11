package io.kotangent.pass;

import io.kotangent.ir.Graph;
import io.kotangent.rewrite.FixedPoint;
import io.kotangent.rewrite.Hits;
import io.kotangent.rewrite.Rewrite;
import io.kotangent.rewrite.Rule;
import io.kotangent.rewrite.RuleSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Applies rules and rewrites together until none fits: one fixed point, whatever their order in the list.
record ApplyRewrites(String name, RuleSet rules, List<Rewrite> rewrites) implements Pass {
  public ApplyRewrites {
    rewrites = List.copyOf(rewrites);
  }

  public static ApplyRewrites of(String name, RuleSet rules, Rewrite... rewrites) {
    return new ApplyRewrites(name, rules, Arrays.asList(rewrites));
  }

  @Override
  public Graph apply(Graph graph, Hits hits) {
    return new FixedPoint(rules, rewrites).rewrite(graph, hits);
  }

  @Override
  public List<String> parts() {
    List<String> parts = new ArrayList<>();
    for (Rule rule : rules.rules()) {
      parts.add(rule.name());
    }
    for (Rewrite rewrite : rewrites) {
      parts.add(rewrite.name());
    }
    return parts;
  }

  @Override
  public Optional<Pass> without(Collection<String> names) {
    if (names.contains(name)) {
      return Optional.empty();
    }
    List<Rewrite> kept = new ArrayList<>(rewrites);
    kept.removeIf(rewrite -> names.contains(rewrite.name()));
    return Optional.of(new ApplyRewrites(name, rules.without(names), kept));
  }
}
