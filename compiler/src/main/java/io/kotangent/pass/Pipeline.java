package io.kotangent.pass;

import io.kotangent.ir.Graph;
import io.kotangent.rewrite.Algebra;
import io.kotangent.rewrite.Hits;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The passes in the order in which they run. The pipeline, not the passes, times, dumps and verifies.
public final class Pipeline {
  private final List<Pass> passes;

  private Pipeline(List<Pass> passes) {
    this.passes = List.copyOf(passes);
  }

  public static Pipeline of(Pass... passes) {
    return new Pipeline(Arrays.asList(passes));
  }

  /// What runs on a graph that is still to be differentiated: stable formulas have stable derivatives.
  public static Pipeline beforeGradient() {
    return of(
        Rewriting.of("stabilise", Algebra.STABLE));
  }

  /// What runs on a graph that is to be compiled.
  ///
  /// @param evaluator computes constants as the plan would
  public static Pipeline standard(ConstantEvaluator evaluator) {
    return of(
        Rewriting.of("stabilise", Algebra.STABLE),
        Rewriting.of("simplify", Algebra.EXACT, new FoldConstants(evaluator)));
  }

  public List<Pass> passes() {
    return passes;
  }

  /// The names of all passes, rules and rewrites: what can be skipped.
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (Pass pass : passes) {
      names.add(pass.name());
      names.addAll(pass.parts());
    }
    return names;
  }

  /// The pipeline without the passes, rules and rewrites of these names; an unknown name is an error.
  public Pipeline without(Collection<String> names) {
    if (!names().containsAll(names)) {
      List<String> unknown = new ArrayList<>(names);
      unknown.removeAll(names());
      throw new KotangentException("cannot skip " + unknown + ": expected names of passes or rules among " + names());
    }
    List<Pass> kept = new ArrayList<>();
    for (Pass pass : passes) {
      pass.without(names).ifPresent(kept::add);
    }
    return new Pipeline(kept);
  }

  public Pipeline without(String... names) {
    return without(Arrays.asList(names));
  }

  public Graph apply(Graph graph) {
    return run(graph, Dump.none()).graph();
  }

  /// Runs all passes and says what they did.
  public Report run(Graph graph, Dump.Files dump) {
    List<Report.Line> lines = new ArrayList<>();
    Graph now = graph;
    for (Pass pass : passes) {
      Hits hits = new Hits();
      long start = System.nanoTime();
      Graph next = pass.apply(now, hits);
      long nanos = System.nanoTime() - start;
      lines.add(new Report.Line(pass.name(), nanos, now.schedule().size(), next.schedule().size(), hits.counts()));
      dump.pass(pass.name(), now, next);
      now = next;
    }
    return new Report(now, lines);
  }

  /// One pass a line.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Pass pass : passes) {
      text.append(pass.name()).append('\n');
    }
    return text.toString();
  }
}
