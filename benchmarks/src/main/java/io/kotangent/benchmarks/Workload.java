package io.kotangent.benchmarks;

/// Something to be timed, by the name that it has in every framework.
///
/// @param flops floating-point operations of a call, for the workloads whose speed is told in them; 0 for others
/// @param preparation makes inputs and weights as plain arrays, before the clock starts
record Workload(String name, double flops, Preparation preparation) {
  /// What is done before the clock starts.
  @FunctionalInterface
  interface Preparation {
    Start prepare();
  }

  /// From the first call of the DSL to the result of the first step: the model is written, differentiated, compiled, and run once.
  @FunctionalInterface
  interface Start {
    /// @param threads how many may run it
    Running begin(int threads);
  }

  /// Inputs and weights, ready to begin.
  Start prepare() {
    return preparation.prepare();
  }
}
