package io.kotangent.benchmarks;

import io.kotangent.bytecode.SimdUse;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/// `benchmarks/micro gate [LEAST]`: does C2 of this JDK still make good code of the tiles? Each shape must be at least LEAST
/// (1.2) times faster than the loops over rows, which need no Vector API; a tile that is unrolled or spilled is slower than they
/// are. Ends with exit code 1 if one is not.
public final class TileGate {
  private static final double LEAST = 1.2;
  private static final String[] SHAPES = {"1000x100x100", "64x784x128", "256x256x256"};

  private TileGate() {}

  public static void main(String[] arguments) throws RunnerException {
    double least = arguments.length == 0 ? LEAST : Double.parseDouble(arguments[0]);
    Map<String, Double> rows = speeds(SimdUse.NEVER);
    Map<String, Double> tiles = speeds(SimdUse.ALWAYS);
    boolean passed = true;
    System.out
        .println("| shape | rows, GFLOP/s | tiles, GFLOP/s | ratio | |\n|---|--:|--:|--:|---|");
    for (String shape : SHAPES) {
      double ratio = tiles.get(shape) / rows.get(shape);
      passed &= ratio >= least;
      System.out.printf(Locale.ROOT, "| %s | %.1f | %.1f | %.2f | %s |%n", shape, rows.get(shape),
          tiles.get(shape), ratio, ratio >= least ? "" : "**under " + least + "**");
    }
    System.out.println(passed ? "The tiles are well compiled."
        : "The tiles are NOT well compiled by " + Runtime.version()
            + ": look whether C2 unrolls or spills them.");
    System.exit(passed ? 0 : 1);
  }

  /// GFLOP/s in the best iteration, by shape.
  private static Map<String, Double> speeds(SimdUse use) throws RunnerException {
    Collection<RunResult> results = new Runner(new OptionsBuilder()
        .include("^" + Gemm.class.getName() + "\\.").param("shape", SHAPES)
        .param("simd", use.name()).verbosity(VerboseMode.SILENT).build()).run();
    Map<String, Double> speeds = new TreeMap<>();
    for (RunResult result : results) {
      String shape = result.getParams().getParam("shape");
      double micros = result.getPrimaryResult().getStatistics().getMin();
      speeds.put(shape, Gemm.flops(shape) / micros / 1e3);
    }
    return speeds;
  }
}
