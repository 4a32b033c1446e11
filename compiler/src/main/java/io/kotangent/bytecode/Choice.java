package io.kotangent.bytecode;

import io.kotangent.plan.Step;
import java.util.List;

/// Two ways of a program to the same bits, SIMD code or plain loops, and whether the first may be taken.
///
/// @param kernels the kernels with SIMD code that the first way needs
/// @param ways the step that chooses
record Choice(List<KernelClass> kernels, Step.When ways) {
  Choice {
    kernels = List.copyOf(kernels);
  }

  boolean isReady() {
    for (KernelClass kernel : kernels) {
      if (!kernel.simd().isReady()) {
        return false;
      }
    }
    return true;
  }
}
