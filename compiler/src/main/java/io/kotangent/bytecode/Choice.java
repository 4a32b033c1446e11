package io.kotangent.bytecode;

import io.kotangent.plan.Step;
import java.util.List;

/// Two ways of a program to the same bits, and whether the first may be taken.
///
/// @param simd the steps of the first way whose kernels have SIMD code
/// @param plain the steps of the second way, plain loops
record Choice(List<Way> simd, List<Way> plain) {
  /// A step and its loaded kernel.
  record Way(Step.Run step, KernelClass kernel) {
  }

  Choice {
    simd = List.copyOf(simd);
    plain = List.copyOf(plain);
  }

  boolean isWarm() {
    for (Way way : simd) {
      if (!way.kernel().simd().isReady()) {
        return false;
      }
    }
    return true;
  }
}
