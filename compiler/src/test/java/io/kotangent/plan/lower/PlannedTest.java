package io.kotangent.plan.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.eval.RandomGraph;
import io.kotangent.eval.RandomGraphs;
import io.kotangent.ir.Node;
import io.kotangent.plan.Buffer;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPass;
import io.kotangent.plan.Step;
import io.kotangent.plan.group.Group;
import io.kotangent.runtime.ArraySlot;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What is told of the way to a plan is true of the plan.
@Tag("fast")
class PlannedTest {
  private static final int GRAPHS = 20;
  private static final PlanOptions ALONE =
      new PlanOptions(Optional.empty(), Set.of(PlanPass.SHARE_BUFFERS));

  @Test
  void everyArrayIsInOneOfThePlan() {
    int shared = 0;
    for (long seed = 0; seed < GRAPHS; seed++) {
      RandomGraph sample = RandomGraphs.generate(seed, RandomGraphs.Options.CAREFUL);
      Planned planned = Planner.planned(sample.graph(), PlanOptions.STANDARD);
      Planned alone = Planner.planned(sample.graph(), ALONE);
      List<Buffer> buffers = planned.plan().buffers();
      planned.shared().forEach((before, now) -> {
        assertEquals(now, buffers.get(now.index()));
        assertEquals(before.slot().kind(), now.slot().kind());
        assertEquals(before.slot().dtype(), now.slot().dtype());
        assertEquals(before, alone.plan().buffers().get(before.index()));
      });
      Set<Buffer> places = new HashSet<>(planned.shared().values());
      buffers.stream().filter(buffer -> buffer.slot().kind() == ArraySlot.Kind.WORKSPACE)
          .forEach(buffer -> assertTrue(places.contains(buffer), buffer::toString));
      shared += planned.shared().size() - places.size();
      alone.shared().forEach((before, now) -> assertEquals(before, now));
    }
    assertTrue(shared > GRAPHS, shared + " arrays lie where another was");
  }

  @Test
  void whatAKernelComputesIsAGroup() {
    for (long seed = 0; seed < GRAPHS; seed++) {
      RandomGraph sample = RandomGraphs.generate(seed, RandomGraphs.Options.CAREFUL);
      Planned planned = Planner.planned(sample.graph(), PlanOptions.STANDARD);
      Set<Node> grouped = new HashSet<>();
      planned.groups().stream().map(Group::nodes).forEach(grouped::addAll);
      for (Step step : planned.plan().steps()) {
        if (step instanceof Step.Run run && !run.name().equals("copy")) {
          assertTrue(grouped.containsAll(run.nodes()), run.name());
        }
      }
    }
  }
}
