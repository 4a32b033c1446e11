package io.kotangent.bytecode;

import io.kotangent.loop.ArrayParam;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanPrinter;
import io.kotangent.plan.Step;
import io.kotangent.runtime.ArraySlot;
import java.util.List;

/// Where a plan begins to update its state: before, whatever is thrown leaves all of it as it was.
final class FirstUpdate {
  private FirstUpdate() {
  }

  /// The line of the listing; with a guard, that of its `if`, which all threads come to after a barrier.
  static int line(Plan plan) {
    int line = PlanPrinter.firstLine(plan);
    for (Step step : plan.steps()) {
      if (updates(step)) {
        return line;
      }
      line += PlanPrinter.lines(step);
    }
    return line;
  }

  private static boolean updates(Step step) {
    return switch (step) {
      case Step.Run run -> updates(run);
      case Step.Barrier _ -> false;
      case Step.Repeat repeat -> updates(repeat.body());
      case Step.When when -> updates(when.then()) || updates(when.otherwise());
    };
  }

  private static boolean updates(Step.Run run) {
    for (int i = 0; i < run.arguments().size(); i++) {
      if (run.arguments().get(i).buffer().slot().kind() == ArraySlot.Kind.STATE
          && run.kernel().arrays().get(i).access() != ArrayParam.Access.READ) {
        return true;
      }
    }
    return false;
  }

  private static boolean updates(List<Step> steps) {
    return steps.stream().anyMatch(FirstUpdate::updates);
  }
}
