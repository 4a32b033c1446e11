package io.kotangent.plan.lower;

import io.kotangent.ir.Node;
import io.kotangent.loop.Stmt;
import io.kotangent.plan.Plan;
import io.kotangent.plan.Step;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// before: `k(a, r, 0..100)`, `k(a, r, 100..150)`; after: `k(a, r, 0..150)`. Flat kernels have one index for all their
/// arrays and take its range as their two ints; so the same kernel on neighboring ranges of the same arrays is one
/// loop. This is what makes the update of all parameters one kernel.
final class JoinNeighbors {
  private JoinNeighbors() {
  }

  static Plan apply(Plan plan) {
    return new Plan(plan.name(), plan.signature(), plan.buffers(), join(plan.steps()),
        plan.guard());
  }

  private static List<Step> join(List<Step> steps) {
    List<Step> joined = new ArrayList<>();
    Optional<Neighbors> open = Optional.empty();
    for (Step step : steps) {
      if (open.isPresent() && step instanceof Step.Run run && open.get().add(run)) {
        continue;
      }
      open.ifPresent(neighbors -> joined.add(neighbors.whole()));
      open = step instanceof Step.Run run && isFlat(run) ? Optional.of(new Neighbors(run))
          : Optional.empty();
      if (open.isEmpty()) {
        joined.add(inside(step));
      }
    }
    open.ifPresent(neighbors -> joined.add(neighbors.whole()));
    return joined;
  }

  private static Step inside(Step step) {
    return switch (step) {
      case Step.Run run -> run;
      case Step.Barrier barrier -> barrier;
      case Step.Repeat(var counter, var count, var reverse, var body) ->
          new Step.Repeat(counter, count, reverse, join(body));
      case Step.When(var flag, var then, var otherwise) ->
          new Step.When(flag, join(then), join(otherwise));
    };
  }

  /// Steps in a row that are one loop.
  private static final class Neighbors {
    private final Step.Run first;
    private final List<Node> nodes;
    private Dim from;
    private Dim to;

    Neighbors(Step.Run first) {
      this.first = first;
      this.nodes = new ArrayList<>(first.nodes());
      this.from = first.ints().getFirst();
      this.to = first.ints().getLast();
    }

    boolean add(Step.Run next) {
      if (!isFlat(next) || !first.arguments().equals(next.arguments())
          || !first.kernel().equals(next.kernel())) {
        return false;
      }
      Dim start = next.ints().getFirst();
      Dim end = next.ints().getLast();
      boolean follows = to.equals(start);
      if (!follows && !end.equals(from)) {
        return false;
      }
      from = follows ? from : start;
      to = follows ? end : to;
      nodes.addAll(next.nodes());
      return true;
    }

    Step whole() {
      return new Step.Run(first.name(), first.kernel(), first.arguments(), List.of(from, to),
          nodes, first.share());
    }
  }

  /// Whether it is one row loop, in stretches, over its two ints.
  private static boolean isFlat(Step.Run run) {
    return run.ints().size() == 2 && run.kernel().arrays().stream().anyMatch(a -> a.whole())
        && run.kernel().scratch().isEmpty()
        && run.kernel().body().getLast() instanceof Stmt.For stretches
        && stretches.body().getLast() instanceof Stmt.For loop && loop.row()
        && run.kernel().body().stream().filter(Stmt.For.class::isInstance).count() == 1;
  }
}
