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
/// @param target what the plan is for; if it has vectors, SIMD code is to stand beside the plain loops
/// @param leastWork how many products a contraction must have to get SIMD code
/// @param leastPart picoseconds that a thread's part of a kernel should take, by the planner's estimate: kernels of
/// less than two parts are left to one thread
/// @param aligned whether sums by rows that lie in aligned memory are to stand beside the plain loops, where SIMD code does not
public record PlanOptions(Optional<StateLayout> layout, Set<PlanPass> skipped, Target target,
    int leastWork, long leastPart, boolean aligned) {
  /// For less, plain loops are good enough, and warm at once.
  private static final int WORTH = 2_000;
  /// About what a barrier costs: there mostly is one anyway, and parts of the same rows stay with the same threads.
  private static final long LEAST_PART = 300_000;

  public static final PlanOptions STANDARD = new PlanOptions(Optional.empty(), Set.of());

  /// Without SIMD, parts of the standard size.
  public PlanOptions(Optional<StateLayout> layout, Set<PlanPass> skipped) {
    this(layout, skipped, Target.PLAIN, WORTH, LEAST_PART, false);
  }

  public PlanOptions {
    skipped = Set.copyOf(skipped);
  }

  /// No plan pass at all.
  public static PlanOptions plain() {
    return new PlanOptions(Optional.empty(), EnumSet.allOf(PlanPass.class));
  }

  public PlanOptions with(StateLayout newLayout) {
    return new PlanOptions(Optional.of(newLayout), skipped, target, leastWork, leastPart,
        aligned);
  }

  /// With SIMD code of that width beside the plain loops of what is worth it.
  public PlanOptions withVectors(int bits) {
    return withTarget(target.withVectors(bits));
  }

  public PlanOptions withTarget(Target other) {
    return new PlanOptions(layout, skipped, other, leastWork, leastPart, aligned);
  }

  /// The width of a vector, if SIMD code is to stand beside the plain loops; else 0.
  public int vectorBits() {
    return target.vectorBits();
  }

  /// With sums by rows in aligned memory beside the plain loops of what is worth it, if there is no SIMD code.
  public PlanOptions withAligned() {
    return new PlanOptions(layout, skipped, target, leastWork, leastPart, true);
  }

  /// With SIMD code, if any, for all that can have it.
  public PlanOptions everywhere() {
    return new PlanOptions(layout, skipped, target, 0, leastPart, aligned);
  }

  /// With parts of at least so many picoseconds; 1 has everything shared that can be.
  public PlanOptions withLeastPart(long picoseconds) {
    return new PlanOptions(layout, skipped, target, leastWork, picoseconds, aligned);
  }

  public boolean has(PlanPass pass) {
    return !skipped.contains(pass);
  }
}
