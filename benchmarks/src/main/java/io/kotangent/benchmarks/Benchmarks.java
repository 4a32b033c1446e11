package io.kotangent.benchmarks;

import java.util.ArrayList;
import java.util.List;

/// `benchmarks/run`: see [Options#USAGE].
public final class Benchmarks {
  private Benchmarks() {}

  public static void main(String[] arguments) {
    try {
      run(Options.parse(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println("benchmarks/run: " + e.getMessage());
      System.err.print(Options.USAGE);
      System.exit(2);
    }
  }

  private static void run(Options options) {
    for (Workload workload : workloads(options)) {
      Child.run(options, Worker.class, Worker.arguments(workload, options))
          .forEach(System.out::println);
    }
  }

  private static List<Workload> workloads(Options options) {
    if (options.workloads().isEmpty()) {
      return Workloads.inOrder();
    }
    List<Workload> wanted = new ArrayList<>();
    options.workloads().forEach(name -> wanted.addAll(Workloads.named(name)));
    return wanted;
  }
}
