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
    switch (options.mode()) {
      case FIGURES -> workloads(options)
          .forEach(workload -> System.out.println(Worker.inChild(workload, options).json()));
      case KERNELS -> workloads(options).forEach(workload -> print(Child.java(options,
          Kernels.class.getName(), Worker.arguments(workload, options))));
      case WARM_UP -> workloads(options).forEach(workload -> print(Child.java(options, workload,
          WarmUp.class.getName(), () -> WarmUp.arguments(workload, options))));
      case SWEEP -> {
        for (Sweep.Along along : Sweep.Along.values()) {
          sweep(options, along);
        }
      }
      case HELP -> System.out.print(Options.USAGE);
      case COMPARE -> System.out.print(Comparison.run(options, workloads(options)).tables());
    }
  }

  private static void print(List<String> lines) {
    lines.forEach(System.out::println);
  }

  private static void sweep(Options options, Sweep.Along along) {
    if (!options.workloads().isEmpty() && !options.workloads().contains(along.lower())) {
      return;
    }
    List<Figure> figures = new ArrayList<>();
    for (Workload workload : along.workloads()) {
      figures.add(Worker.inChild(workload, options));
    }
    System.out.println(Sweep.table(along, along.workloads(), figures));
  }

  /// Those that were asked for, or all.
  static List<Workload> workloads(Options options) {
    if (options.workloads().isEmpty()) {
      return Workloads.inOrder();
    }
    List<Workload> wanted = new ArrayList<>();
    options.workloads().forEach(name -> wanted.addAll(Workloads.named(name)));
    return wanted;
  }
}
