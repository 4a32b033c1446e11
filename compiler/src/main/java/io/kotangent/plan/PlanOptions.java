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
/// @param vectorBits the width of a vector, if SIMD code is to stand beside the plain loops; else 0
public record PlanOptions(Optional<StateLayout> layout, Set<PlanPass> skipped, int vectorBits) {
  public static final PlanOptions STANDARD = new PlanOptions(Optional.empty(), Set.of());

  /// Without SIMD.
  public PlanOptions(Optional<StateLayout> layout, Set<PlanPass> skipped) {
    this(layout, skipped, 0);
  }

  public PlanOptions {
    skipped = Set.copyOf(skipped);
  }

  /// No plan pass at all.
  public static PlanOptions plain() {
    return new PlanOptions(Optional.empty(), EnumSet.allOf(PlanPass.class));
  }

  public PlanOptions with(StateLayout newLayout) {
    return new PlanOptions(Optional.of(newLayout), skipped, vectorBits);
  }

  /// With SIMD code of that width beside the plain loops.
  public PlanOptions withVectors(int bits) {
    return new PlanOptions(layout, skipped, bits);
  }

  public boolean has(PlanPass pass) {
    return !skipped.contains(pass);
  }
}
