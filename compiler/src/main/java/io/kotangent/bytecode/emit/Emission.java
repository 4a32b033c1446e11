package io.kotangent.bytecode.emit;

import io.kotangent.plan.Target;

/// How classes are to be emitted.
///
/// @param budget how many bytes of bytecode a method should have at most; where the estimate was too low, it is tightened
/// @param compact whether classes are to be small: without code that nothing reaches, which keeps C2 from copying methods into their
///     callers
public record Emission(Target target, ClassNames names, int budget, boolean compact) {
  /// A little less than what the JVM compiles.
  public static final int BUDGET = 7500;

  /// Plainly named, of methods as long as the JVM compiles them.
  public static Emission of(Target target) {
    return new Emission(target, ClassNames.PLAIN, BUDGET, false);
  }

  public Emission withBudget(int bytes) {
    return new Emission(target, names, bytes, compact);
  }

  public Emission named(ClassNames other) {
    return new Emission(target, other, budget, compact);
  }

  /// With small classes.
  public Emission compacted() {
    return new Emission(target, names, budget, true);
  }
}
