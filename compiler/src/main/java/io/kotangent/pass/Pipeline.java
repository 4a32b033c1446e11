package io.kotangent.pass;

import io.kotangent.ir.Expansion;
import io.kotangent.ir.Graph;
import io.kotangent.ir.Verifier;
import io.kotangent.rewrite.Algebra;
import io.kotangent.rewrite.DivideByPowerOfTwo;
import io.kotangent.rewrite.DropEmptyPads;
import io.kotangent.rewrite.DropStopGradients;
import io.kotangent.rewrite.FactorOneHot;
import io.kotangent.rewrite.FindSoftmax;
import io.kotangent.rewrite.Hits;
import io.kotangent.rewrite.InlineCalls;
import io.kotangent.rewrite.MergeBroadcasts;
import io.kotangent.rewrite.MergeCasts;
import io.kotangent.rewrite.MergeConcats;
import io.kotangent.rewrite.MergeReduces;
import io.kotangent.rewrite.MergeReshapes;
import io.kotangent.rewrite.MergeReverses;
import io.kotangent.rewrite.MergeSlices;
import io.kotangent.rewrite.MergeTransposes;
import io.kotangent.rewrite.NegateConstant;
import io.kotangent.rewrite.PadsToConcat;
import io.kotangent.rewrite.PushSliceThroughBroadcast;
import io.kotangent.rewrite.PushSliceThroughMap;
import io.kotangent.rewrite.PushTransposeThroughBroadcast;
import io.kotangent.rewrite.ReduceOfBroadcast;
import io.kotangent.rewrite.ReshapeOfScalar;
import io.kotangent.rewrite.Rewrite;
import io.kotangent.rewrite.ScatterToSelect;
import io.kotangent.rewrite.SliceOfConcat;
import io.kotangent.rewrite.SliceOfPad;
import io.kotangent.rewrite.SumOfOneHot;
import io.kotangent.rewrite.TakeBranch;
import io.kotangent.rewrite.TransposeIntoContract;
import io.kotangent.rewrite.TransposeIntoConvolve;
import io.kotangent.rewrite.TransposeToReshape;
import io.kotangent.rewrite.UnbroadcastMap;
import io.kotangent.text.GraphPrinter;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The passes in the order in which they run. The pipeline, not the passes, times, dumps and verifies.
public final class Pipeline {
  private static final boolean CHECKS = Boolean.getBoolean("kotangent.checks");

  private final List<Pass> passes;

  private Pipeline(List<Pass> passes) {
    this.passes = List.copyOf(passes);
  }

  public static Pipeline of(Pass... passes) {
    return new Pipeline(Arrays.asList(passes));
  }

  /// What runs on a graph that is still to be differentiated.
  public static Pipeline beforeGradient() {
    return of(Stabilize.beforeGradient());
  }

  /// What runs on a graph that is to be compiled.
  ///
  /// @param evaluator computes constants as the plan would
  public static Pipeline standard(ConstantEvaluator evaluator) {
    return of(
        Stabilize.afterGradient(),
        new MergeLoops(),
        new ApplyRewrites("simplify", Algebra.EXACT, exact(evaluator)),
        new SplitLoops(),
        new DropDeadNodes());
  }

  /// The same where the caller allows results to differ in the last bits, and for formulas that people read.
  public static Pipeline relaxed(ConstantEvaluator evaluator) {
    List<Rewrite> rewrites = new ArrayList<>(exact(evaluator));
    rewrites.add(new FindSoftmax());
    rewrites.add(new FactorOneHot());
    return of(
        Stabilize.afterGradient(),
        new MergeLoops(),
        new ApplyRewrites("simplify", Algebra.EXACT, exact(evaluator)),
        new ApplyRewrites("relax", Algebra.RELAXED, rewrites),
        new SplitLoops(),
        new DropDeadNodes());
  }

  private static List<Rewrite> exact(ConstantEvaluator evaluator) {
    return List.of(
        new FoldConstants(evaluator), new InlineCalls(true), new TakeBranch(),
        new DropStopGradients(),
        new MergeCasts(), new MergeReduces(), new ReduceOfBroadcast(),
        new DivideByPowerOfTwo(), new NegateConstant(),
        new ScatterToSelect(), new SumOfOneHot(),
        new MergeTransposes(), new MergeReshapes(), new MergeBroadcasts(), new MergeSlices(),
        new MergeReverses(),
        new MergeConcats(), new DropEmptyPads(), new SliceOfPad(), new SliceOfConcat(),
        new PadsToConcat(),
        new TransposeIntoContract(), new TransposeIntoConvolve(),
        new PushTransposeThroughBroadcast(), new TransposeToReshape(), new ReshapeOfScalar(),
        new PushSliceThroughBroadcast(), new PushSliceThroughMap(), new UnbroadcastMap());
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
      throw new KotangentException(
          "cannot skip " + unknown + ": expected names of passes or rules among " + names());
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
    return run(graph, dump, (_, _, _) -> {
    });
  }

  /// The same; `watcher` sees each pass.
  public Report run(Graph graph, Dump.Files dump, PassWatcher watcher) {
    Expansion.check(graph);
    List<Report.Line> lines = new ArrayList<>();
    Graph now = graph;
    for (Pass pass : passes) {
      Hits hits = new Hits();
      long start = System.nanoTime();
      Graph next = pass.apply(now, hits);
      long nanos = System.nanoTime() - start;
      lines.add(new Report.Line(pass.name(), nanos, now.schedule().size(), next.schedule().size(),
          hits.counts()));
      watcher.passed(lines.getLast(), now, next);
      dump.pass(pass.name(), now, next);
      if (CHECKS && next != now) {
        verify(pass, now, next);
      }
      now = next;
    }
    return new Report(now, lines);
  }

  /// The culprit is named: a pass must make valid graphs with the ports and result types of the one it was given.
  static void verify(Pass pass, Graph before, Graph after) {
    List<String> violations = new ArrayList<>(Verifier.violations(after));
    if (pass.keepsSignature() && !before.ports().equals(after.ports())) {
      violations.add("ports " + before.ports() + " became " + after.ports());
    }
    List<String> wanted = signature(before);
    if (pass.keepsSignature() && !wanted.equals(signature(after))) {
      violations.add("results " + wanted + " became " + signature(after));
    }
    if (!violations.isEmpty()) {
      throw new KotangentException(
          "pass " + pass.name() + " made an invalid graph of " + before.name() + ":\n  "
              + String.join("\n  ", violations) + "\n\n" + GraphPrinter.print(after));
    }
  }

  private static List<String> signature(Graph graph) {
    List<String> signature = new ArrayList<>();
    graph.results().forEach(r -> signature.add(r.name() + ": " + r.node().valueType()));
    graph.updates().forEach(u -> signature.add("update " + Graph.port(u.port()).name()));
    graph.guard().ifPresent(g -> signature.add("guard"));
    return signature;
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
