package io.kotangent.plan.lower;

import io.kotangent.ir.Graph;
import io.kotangent.plan.Buffer;
import io.kotangent.plan.Plan;
import io.kotangent.plan.group.Group;
import java.util.List;
import java.util.Map;

/// A plan, and what was decided on the way to it.
///
/// @param prepared the graph whose nodes were grouped: calls are written out, copies that kernels want are nodes of it
/// @param groups which nodes share kernels, and what kept others apart; those of the bodies of loops and branches come before what
/// reads them
/// @param shared for each array that was decided first, that of the plan in which it lies now
/// @param uses for each array that was decided first and that a step mentions, the steps from the first to the last that do
public record Planned(Graph prepared, Plan plan, List<Group> groups, Map<Buffer, Buffer> shared,
    Map<Buffer, Use> uses) {
  /// From one top-level step to another, counted from 0 without barriers; one beyond the last is the end, where the guard is read.
  public record Use(int first, int last) {
  }

  public Planned {
    groups = List.copyOf(groups);
  }
}
