package io.kotangent.plan;

import io.kotangent.runtime.StateLayout;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// What a planner may be told.
///
/// @param layout where the model's parameters lie, if the program shares its state with others; by default
/// as the graph's own ports demand
/// @param skipped plan passes that are not to act
public record PlanOptions(Optional<StateLayout> layout, Set<PlanPass> skipped) {
  public static final PlanOptions STANDARD = new PlanOptions(Optional.empty(), Set.of());

  public PlanOptions {
    skipped = Set.copyOf(skipped);
  }

  /// No plan pass at all.
  public static PlanOptions plain() {
    return new PlanOptions(Optional.empty(), EnumSet.allOf(PlanPass.class));
  }

  public PlanOptions with(StateLayout newLayout) {
    return new PlanOptions(Optional.of(newLayout), skipped);
  }

  public boolean has(PlanPass pass) {
    return !skipped.contains(pass);
  }
}
