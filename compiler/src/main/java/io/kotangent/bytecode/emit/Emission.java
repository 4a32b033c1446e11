package io.kotangent.bytecode.emit;

import io.kotangent.plan.Target;

/// How classes are to be emitted.
///
/// @param budget how many bytes of bytecode a method should have at most; where the estimate was too low, it is tightened
public record Emission(Target target, ClassNames names, int budget) {
  /// A little less than what the JVM compiles.
  public static final int BUDGET = 7500;

  /// Plainly named, of methods as long as the JVM compiles them.
  public static Emission of(Target target) {
    return new Emission(target, ClassNames.PLAIN, BUDGET);
  }

  public Emission withBudget(int bytes) {
    return new Emission(target, names, bytes);
  }

  public Emission named(ClassNames other) {
    return new Emission(target, other, budget);
  }
}
