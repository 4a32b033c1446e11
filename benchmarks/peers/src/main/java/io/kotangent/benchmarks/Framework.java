package io.kotangent.benchmarks;

import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/// Another framework of the JVM, with the workloads that it has.
interface Framework {
  /// With inputs made; what is given then builds the model, and gives what makes a step or call.
  ///
  /// @return none if the framework does not have that workload
  Optional<Supplier<DoubleSupplier>> prepare(String workload);

  /// Sizes of the layers of a workload of dense layers.
  static int[] sizes(String workload) {
    return switch (family(workload)) {
      case "mlp" -> new int[] {784, 128, 64, 10};
      case "logreg" -> new int[] {30, 1};
      case "cnn" -> new int[] {7 * 7 * 64, 1024, 10};
      case "block", "block1000" -> new int[] {10, 100, 100, 100, 100, 100, 1};
      case String other -> throw new IllegalArgumentException("no network " + other);
    };
  }

  /// The examples of a training step.
  static int batch(String workload) {
    return switch (family(workload)) {
      case "block" -> 32;
      case "block1000" -> 1000;
      case "logreg" -> 10_000;
      case "mlp", "cnn" -> 64;
      case String other -> throw new IllegalArgumentException("no network " + other);
    };
  }

  /// `mlp` of `mlp-train`.
  static String family(String workload) {
    return workload.split("-", 2)[0];
  }

  /// `train`, `infer1`, or nothing for `gemm64` and `elementwise`.
  static String kind(String workload) {
    int dash = workload.indexOf('-');
    return dash < 0 ? "" : workload.substring(dash + 1);
  }

  /// The sides of the matrices of `gemm64`.
  static int gemmSize(String workload) {
    return Integer.parseInt(workload.substring("gemm".length()));
  }
}
