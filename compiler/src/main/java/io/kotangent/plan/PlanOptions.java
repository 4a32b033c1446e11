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
/// @param leastWork how many products a contraction must have to get SIMD code
public record PlanOptions(Optional<StateLayout> layout, Set<PlanPass> skipped, int vectorBits,
    int leastWork) {
  /// For less, plain loops are good enough, and warm at once.
  private static final int WORTH = 20_000;

  public static final PlanOptions STANDARD = new PlanOptions(Optional.empty(), Set.of());

  /// Without SIMD.
  public PlanOptions(Optional<StateLayout> layout, Set<PlanPass> skipped) {
    this(layout, skipped, 0, WORTH);
  }

  public PlanOptions {
    skipped = Set.copyOf(skipped);
  }

  /// No plan pass at all.
  public static PlanOptions plain() {
    return new PlanOptions(Optional.empty(), EnumSet.allOf(PlanPass.class));
  }

  public PlanOptions with(StateLayout newLayout) {
    return new PlanOptions(Optional.of(newLayout), skipped, vectorBits, leastWork);
  }

  /// With SIMD code of that width beside the plain loops of what is worth it.
  public PlanOptions withVectors(int bits) {
    return new PlanOptions(layout, skipped, bits, leastWork);
  }

  /// With SIMD code, if any, for all that can have it.
  public PlanOptions everywhere() {
    return new PlanOptions(layout, skipped, vectorBits, 0);
  }

  public boolean has(PlanPass pass) {
    return !skipped.contains(pass);
  }
}
