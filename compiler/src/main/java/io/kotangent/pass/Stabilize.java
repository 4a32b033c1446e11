package io.kotangent.pass;

import io.kotangent.ir.Graph;
import io.kotangent.rewrite.Algebra;
import io.kotangent.rewrite.DropEmptyPads;
import io.kotangent.rewrite.FixedPoint;
import io.kotangent.rewrite.Hits;
import io.kotangent.rewrite.LogAcrossEdges;
import io.kotangent.rewrite.LogOfSoftmax;
import io.kotangent.rewrite.LogSumExp;
import io.kotangent.rewrite.MergeBroadcasts;
import io.kotangent.rewrite.MergeCasts;
import io.kotangent.rewrite.MergeConcats;
import io.kotangent.rewrite.MergeReduces;
import io.kotangent.rewrite.MergeReshapes;
import io.kotangent.rewrite.MergeReverses;
import io.kotangent.rewrite.MergeSlices;
import io.kotangent.rewrite.MergeTransposes;
import io.kotangent.rewrite.MoveAfterLog;
import io.kotangent.rewrite.Rewrite;
import io.kotangent.rewrite.Rule;
import io.kotangent.rewrite.RuleSet;
import io.kotangent.rewrite.SliceOfConcat;
import io.kotangent.rewrite.SliceOfPad;
import io.kotangent.rewrite.SquareOfRoot;
import io.kotangent.rewrite.SubtractMaxInSoftmax;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Replaces formulas that overflow, cancel or divide zero by zero by ones that do not. Together with `RELAXED` the only pass
/// that changes bits, so whether to run it is a numeric option.
///
/// It comes first in every pipeline, and brings along the exact identities and the merging of moves that it needs to see its
/// patterns: what it finds must not depend on which other passes run, or these would change bits.
final class Stabilize implements Pass {
  private static final List<Rewrite> NORMALIZING =
      List.of(new MergeCasts(), new MergeReduces(), new MergeTransposes(), new MergeReshapes(),
          new MergeBroadcasts(), new MergeSlices(), new MergeReverses(), new MergeConcats(),
          new DropEmptyPads(), new SliceOfPad(), new SliceOfConcat());

  private final ApplyRewrites stable;

  private Stabilize(ApplyRewrites stable) {
    this.stable = stable;
  }

  /// For graphs that are still to be differentiated: derivatives of stable formulas are stable.
  public static Stabilize beforeGradient() {
    return new Stabilize(
        ApplyRewrites.of("stabilize", Algebra.STABLE, new SubtractMaxInSoftmax(),
            new LogOfSoftmax(),
            new MoveAfterLog(), new LogSumExp(), new SquareOfRoot()));
  }

  /// For graphs that are to be compiled. A sigmoid's derivative `y*(1-y)` stays: the stable form costs another exponential.
  public static Stabilize afterGradient() {
    return new Stabilize(ApplyRewrites.of("stabilize",
        Algebra.STABLE.without(List.of("one-minus-sigmoid")),
        new SubtractMaxInSoftmax(), new LogOfSoftmax(), new MoveAfterLog(), new LogSumExp(),
        new SquareOfRoot()));
  }

  @Override
  public Graph apply(Graph graph, Hits hits) {
    return stabilize(graph, new MoveAfterLog(), hits);
  }

  private Graph stabilize(Graph graph, MoveAfterLog move, Hits hits) {
    Graph now = graph;
    while (true) {
      Graph inside = stabilizeBodies(now, move, hits);
      Graph across = stable.rewrites().contains(new MoveAfterLog())
          ? LogAcrossEdges.apply(inside, move, (body, ports) -> stabilize(body, ports, hits))
          : inside;
      if (across == inside) {
        return inside;
      }
      now = across;
    }
  }

  /// Each graph by itself.
  private Graph stabilizeBodies(Graph graph, MoveAfterLog move, Hits hits) {
    List<Rewrite> rewrites = new ArrayList<>(NORMALIZING);
    stable.rewrites()
        .forEach(rewrite -> rewrites.add(rewrite instanceof MoveAfterLog ? move : rewrite));
    List<Rule> rules = new ArrayList<>(Algebra.IDENTITIES.rules());
    rules.addAll(stable.rules().rules());
    return new FixedPoint(new RuleSet("stabilize", rules), rewrites).rewrite(graph, hits);
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
