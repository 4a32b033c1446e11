package io.kotangent.plan.lower;

import io.kotangent.plan.Buffer;
import io.kotangent.plan.Plan;
import io.kotangent.plan.group.Group;
import java.util.List;
import java.util.Map;

/// A plan, and what was decided on the way to it.
///
/// @param groups which nodes share kernels, and what kept others apart; those of the bodies of loops and branches come before what
/// reads them
/// @param shared for each array that was decided first, that of the plan in which it lies now
public record Planned(Plan plan, List<Group> groups, Map<Buffer, Buffer> shared) {
  public Planned {
    groups = List.copyOf(groups);
  }
}
