package io.kotangent.benchmarks;

import java.util.ArrayList;
import java.util.List;

/// What `benchmarks/run` was asked for.
///
/// @param rows whether the Vector API is kept out of the JVM
/// @param aot whether the JVM starts with a cache of loaded classes, recorded before
/// @param pin whether the JVM is bound to as many cores as there are threads
/// @param seconds how long each workload is timed, and before that warmed up
/// @param rounds how often a comparison is repeated
/// @param python the interpreter of the frameworks of Python, empty: these are left out
/// @param peers the frameworks to compare with, empty: all that can be reached
record Options(Mode mode, int threads, boolean rows, boolean aot, boolean pin, double seconds,
    int rounds,
    String python, List<String> peers, List<String> workloads) {
  /// What is measured.
  enum Mode {
    FIGURES, WARM_UP, KERNELS, SWEEP, COMPARE, HELP
  }

  static final String USAGE = """
      usage: benchmarks/run [JVM options] [--threads N] [--rows] [--pin] [--seconds S] [WORKLOAD...]
        prints one JSON line for each workload, each run in a JVM of its own
        --threads N   threads that a program may use (default: one for each processor)
        --rows        a JVM without the Vector API, as it starts by default
        --aot         a JVM with a cache of loaded classes (JEP 514), which is recorded first
        --pin         binds the JVM to N cores (needs taskset)
        --seconds S   how long each is warmed up, and then timed (default 3)
      benchmarks/run --warm-up [...] WORKLOAD...   from the start of the process to full speed
      benchmarks/run --kernels [...] WORKLOAD...   each kernel's share of a step, on one thread
      benchmarks/run --sweep [...] [batch] [width] [depth]   what a flop costs, against the size of the network
      benchmarks/compare [...] [--python PYTHON] [--peers NAME,NAME] [--rounds N] [WORKLOAD...]
        prints tables of ours beside other frameworks; each figure is the best of N rounds (default 1)
      """;

  static Options parse(String... arguments) {
    Mode mode = Mode.FIGURES;
    int threads = Runtime.getRuntime().availableProcessors();
    boolean rows = false;
    boolean aot = false;
    boolean pin = false;
    double seconds = 3;
    int rounds = 1;
    String python = "";
    List<String> peers = List.of();
    List<String> workloads = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--warm-up" -> mode = Mode.WARM_UP;
        case "--kernels" -> mode = Mode.KERNELS;
        case "--sweep" -> mode = Mode.SWEEP;
        case "--rows" -> rows = true;
        case "--aot" -> aot = true;
        case "--pin" -> pin = true;
        case "--help", "-h" -> mode = Mode.HELP;
        case "--compare" -> mode = Mode.COMPARE;
        case "--python" -> python = value(arguments, ++i);
        case "--peers" -> peers = List.of(value(arguments, ++i).split(","));
        case "--rounds" -> rounds = Integer.parseInt(value(arguments, ++i));
        case "--threads" -> threads = Integer.parseInt(value(arguments, ++i));
        case "--seconds" -> seconds = Double.parseDouble(value(arguments, ++i));
        default -> workloads.add(workload(arguments[i]));
      }
    }
    if (threads < 1 || rounds < 1 || !(seconds > 0)) {
      throw new IllegalArgumentException("--threads, --rounds and --seconds must be more than 0");
    }
    return new Options(mode, threads, rows, aot, pin, seconds, rounds, python, peers,
        List.copyOf(workloads));
  }

  /// The same with a JVM that has the Vector API, or has not.
  Options withRows(boolean on) {
    return new Options(mode, threads, on, aot, pin, seconds, rounds, python, peers, workloads);
  }

  /// The same with another time for each workload.
  Options withSeconds(double other) {
    return new Options(mode, threads, rows, aot, pin, other, rounds, python, peers, workloads);
  }

  private static String value(String[] arguments, int index) {
    if (index == arguments.length) {
      throw new IllegalArgumentException("a value is missing after " + arguments[index - 1]);
    }
    return arguments[index];
  }

  private static String workload(String argument) {
    if (argument.startsWith("-")) {
      throw new IllegalArgumentException("no option " + argument);
    }
    return argument;
  }
}
