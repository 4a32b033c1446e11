package io.kotangent.benchmarks;

import java.util.List;
import java.util.Optional;

/// One workload in a JVM of its own: `Worker WORKLOAD THREADS SECONDS`; prints its figure.
final class Worker {
  private Worker() {}

  public static void main(String[] arguments) {
    Workload workload = Workloads.named(arguments[0]).getFirst();
    int threads = Integer.parseInt(arguments[1]);
    double seconds = Double.parseDouble(arguments[2]);
    System.out.println(figure(workload, threads, seconds).json());
  }

  static Figure figure(Workload workload, int threads, double seconds) {
    Workload.Start start = workload.prepare();
    long from = System.nanoTime();
    Running running = start.begin(threads);
    double first = (System.nanoTime() - from) / 1e6;
    Timing timing = Timing.of(running.call(), seconds, seconds);
    Optional<Double> gflops = workload.flops() == 0 ? Optional.empty()
        : Optional.of(workload.flops() / timing.medianMicros() / 1e3);
    return new Figure("kotangent", threads, workload.name(), first, timing.medianMicros(),
        timing.minMicros(), gflops);
  }

  /// The figure of a workload in a JVM of its own.
  static Figure inChild(Workload workload, Options options) {
    return Child
        .java(options, workload, Worker.class.getName(), () -> arguments(workload, options))
        .stream()
        .flatMap(line -> Figure.parse(line).stream()).findFirst().orElseThrow();
  }

  /// What a child needs to know.
  static List<String> arguments(Workload workload, Options options) {
    return List.of(workload.name(), Integer.toString(options.threads()),
        Double.toString(options.seconds()));
  }
}
