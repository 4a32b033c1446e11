package io.kotangent.plan.lower;

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
    for (Step step : steps) {
      Step inside = switch (step) {
        case Step.Run run -> run;
        case Step.Barrier barrier -> barrier;
        case Step.Repeat(var counter, var count, var reverse, var body) ->
            new Step.Repeat(counter, count, reverse, join(body));
        case Step.When(var flag, var then, var otherwise) ->
            new Step.When(flag, join(then), join(otherwise));
      };
      Optional<Step> both = joined.isEmpty() ? Optional.empty() : join(joined.getLast(), inside);
      both.ifPresent(_ -> joined.removeLast());
      joined.add(both.orElse(inside));
    }
    return joined;
  }

  private static Optional<Step> join(Step first, Step second) {
    if (!(first instanceof Step.Run a) || !(second instanceof Step.Run b) || !isFlat(a)
        || !isFlat(b)
        || !a.arguments().equals(b.arguments()) || !a.kernel().equals(b.kernel())) {
      return Optional.empty();
    }
    boolean follows = a.ints().get(1).equals(b.ints().get(0));
    boolean precedes = b.ints().get(1).equals(a.ints().get(0));
    if (!follows && !precedes) {
      return Optional.empty();
    }
    List<Dim> range = List.of((follows ? a : b).ints().get(0), (follows ? b : a).ints().get(1));
    List<io.kotangent.ir.Node> nodes = new ArrayList<>(a.nodes());
    nodes.addAll(b.nodes());
    return Optional.of(new Step.Run(a.name(), a.kernel(), a.arguments(), range, nodes, a.share()));
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
