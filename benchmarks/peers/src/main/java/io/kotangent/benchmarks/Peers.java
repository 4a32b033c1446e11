package io.kotangent.benchmarks;

import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/// `Peers FRAMEWORK THREADS SECONDS WORKLOAD...` prints a figure for each workload that the framework has.
final class Peers {
  private Peers() {}

  public static void main(String[] arguments) {
    int threads = Integer.parseInt(arguments[1]);
    Framework framework = switch (arguments[0]) {
      case "djl" -> new DjlPyTorch(threads);
      case "onnxruntime-java" -> new OnnxRuntime(threads);
      case "tensorflow-java" -> new TensorFlow(threads);
      case String other -> throw new IllegalArgumentException("no framework " + other);
    };
    for (int i = 3; i < arguments.length; i++) {
      time(framework, arguments[0], threads, Double.parseDouble(arguments[2]), arguments[i]);
    }
  }

  private static void time(Framework framework, String name, int threads, double seconds,
      String workload) {
    Optional<Supplier<DoubleSupplier>> prepared = framework.prepare(workload);
    if (prepared.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    DoubleSupplier call = prepared.get().get();
    double result = call.getAsDouble();
    double first = (System.nanoTime() - start) / 1e6;
    if (Double.isNaN(result)) {
      throw new IllegalStateException(name + " gives NaN for " + workload);
    }
    Timing timing = Timing.of(call, seconds, seconds);
    double flops = Workloads.named(workload).getFirst().flops();
    System.out.println(new Figure(name, threads, workload, first, timing.medianMicros(),
        timing.minMicros(), flops == 0 ? Optional.empty()
            : Optional.of(flops / timing.medianMicros() / 1e3))
        .json());
  }
}
