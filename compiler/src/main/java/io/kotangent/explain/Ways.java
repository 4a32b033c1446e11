package io.kotangent.explain;

import io.kotangent.bytecode.StepWay;
import io.kotangent.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which steps of a plan are taken, and which way each is. A program tells of one side of each choice.
final class Ways {
  private final List<ExplainedStep> steps;
  private final List<StepWay> ways;
  private final List<Optional<StepWay.Way>> found = new ArrayList<>();
  private int next;

  private Ways(List<ExplainedStep> steps, List<StepWay> ways) {
    this.steps = steps;
    this.ways = ways;
  }

  /// For each step the way that it is; nothing for one that is not taken.
  ///
  /// @param blocks the plan's
  /// @param steps the same, without what is around them
  /// @param ways what the program tells
  static List<Optional<StepWay.Way>> of(List<Step> blocks, List<ExplainedStep> steps,
      List<StepWay> ways) {
    Ways walk = new Ways(steps, ways);
    walk.walk(blocks, true);
    return walk.found;
  }

  private void walk(List<Step> block, boolean isTaken) {
    for (Step step : block) {
      switch (step) {
        case Step.Run _ ->
            found.add(isTaken ? Optional.of(ways.get(next++).way()) : Optional.empty());
        case Step.Barrier _ -> {
          // runs nothing
        }
        case Step.Repeat repeat -> walk(repeat.body(), isTaken);
        case Step.When when -> {
          boolean first = isTaken && when.isChoice() && isNext();
          walk(when.then(), isTaken && (first || !when.isChoice()));
          walk(when.otherwise(), isTaken && !first);
        }
      }
    }
  }

  /// Whether the step that would be found now is the one that the program tells of.
  private boolean isNext() {
    ExplainedStep step = steps.get(found.size());
    StepWay way = ways.get(next);
    return way.way() == StepWay.Way.SIMD && way.kernel().equals(step.kernel())
        && way.step().equals(step.name());
  }
}
