package io.kotangent.bytecode;

import java.util.OptionalDouble;

/// Which way a step takes now.
///
/// @param step its name in the listing
/// @param kernel the class that it runs
/// @param simdNanos what SIMD code took when it was last tried, at the sizes of the trial, if it was tried after C2 had compiled it
/// @param plainNanos what plain loops took for the same
public record StepWay(String step, String kernel, Way way, OptionalDouble simdNanos,
    OptionalDouble plainNanos) {
  /// The ways there are.
  public enum Way {
    /// There is no other.
    ONLY,
    /// Plain loops: the other is not compiled yet, not faster, or not for these sizes.
    PLAIN,
    /// SIMD code, or sums in aligned memory.
    SIMD
  }
}
