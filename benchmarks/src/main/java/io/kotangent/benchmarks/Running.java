package io.kotangent.benchmarks;

import io.kotangent.bytecode.Compilation;
import io.kotangent.runtime.ModelState;
import io.kotangent.runtime.Workspace;
import java.util.function.DoubleSupplier;

/// A workload that has made its first step.
///
/// @param compilation the program that is timed
/// @param call does all that is timed, once, and gives a number that was computed: the loss, the first element of the scores
record Running(Compilation compilation, Workspace workspace, ModelState state,
    DoubleSupplier call) {
  /// One more step or call.
  double again() {
    return call.getAsDouble();
  }
}
