package io.kotangent.pass;

import io.kotangent.ir.Graph;
import io.kotangent.rewrite.Algebra;
import io.kotangent.rewrite.FixedPoint;
import io.kotangent.rewrite.Hits;
import io.kotangent.rewrite.LogOfPickedSoftmax;
import io.kotangent.rewrite.LogOfSoftmax;
import io.kotangent.rewrite.LogSumExp;
import io.kotangent.rewrite.MergeBroadcasts;
import io.kotangent.rewrite.MergeReshapes;
import io.kotangent.rewrite.MergeTransposes;
import io.kotangent.rewrite.Rewrite;
import io.kotangent.rewrite.SquareOfRoot;
import io.kotangent.rewrite.SubtractMaxInSoftmax;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Replaces formulas that overflow, cancel or divide zero by zero by ones that do not. Together with `RELAXED` the only pass
/// that changes bits, so whether to run it is a numeric option.
///
/// It comes first in every pipeline, and brings along the few exact rewrites that it needs to see its patterns: what it finds
/// must not depend on which other passes run, or these would change bits.
final class Stabilize implements Pass {
  private static final List<Rewrite> NORMALIZING =
      List.of(new MergeReshapes(), new MergeBroadcasts(), new MergeTransposes());

  private final ApplyRewrites stable;

  private Stabilize(ApplyRewrites stable) {
    this.stable = stable;
  }

  /// For graphs that are still to be differentiated: derivatives of stable formulas are stable.
  public static Stabilize beforeGradient() {
    return new Stabilize(
        ApplyRewrites.of("stabilize", Algebra.STABLE, new SubtractMaxInSoftmax(),
            new LogOfSoftmax(),
            new LogOfPickedSoftmax(), new LogSumExp(), new SquareOfRoot()));
  }

  /// For graphs that are to be compiled. A sigmoid's derivative `y*(1-y)` stays: the stable form costs another exponential.
  public static Stabilize afterGradient() {
    return new Stabilize(ApplyRewrites.of("stabilize",
        Algebra.STABLE.without(List.of("one-minus-sigmoid")),
        new SubtractMaxInSoftmax(), new LogOfSoftmax(), new LogOfPickedSoftmax(), new LogSumExp(),
        new SquareOfRoot()));
  }

  @Override
  public Graph apply(Graph graph, Hits hits) {
    List<Rewrite> rewrites = new ArrayList<>(NORMALIZING);
    rewrites.addAll(stable.rewrites());
    return new FixedPoint(stable.rules(), rewrites).rewrite(graph, hits);
  }

  @Override
  public List<String> parts() {
    return stable.parts();
  }

  @Override
  public Optional<Pass> without(Collection<String> names) {
    return stable.without(names).map(kept -> new Stabilize((ApplyRewrites) kept));
  }
}
