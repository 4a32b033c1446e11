package io.kotangent.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Training steps of networks of many sizes: what a flop costs must not jump from one size to the next.
final class Sweep {
  /// What is varied; the others keep the size that [#workload] gives them.
  enum Along {
    BATCH(1, 2, 3, 4, 7, 8, 10, 16, 31, 32, 33, 64, 100, 128, 256, 500, 512, 1000, 1024, 2048, 4096),
    WIDTH(16, 17, 24, 31, 32, 50, 64, 100, 127, 128, 129, 200, 256, 500, 512, 1000, 1024, 2048, 4096),
    DEPTH(1, 2, 3, 5, 10, 20, 50, 100);

    private final int[] sizes;

    Along(int... sizes) {
      this.sizes = sizes;
    }

    String lower() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// The workloads, in order of their size.
    List<Workload> workloads() {
      List<Workload> all = new ArrayList<>();
      for (int size : sizes) {
        all.add(workload(this, size));
      }
      return all;
    }
  }

  /// How many times its neighbor's a flop may cost.
  private static final double CLIFF = 2;
  private static final int INPUTS = 10;
  private static final Pattern NAME = Pattern.compile("sweep-(batch|width|depth)(\\d+)");

  private Sweep() {}

  /// The workload of a name such as `sweep-width128`.
  static Optional<Workload> named(String name) {
    Matcher match = NAME.matcher(name);
    return match.matches() ? Optional.of(workload(
        Along.valueOf(match.group(1).toUpperCase(Locale.ROOT)), Integer.parseInt(match.group(2))))
        : Optional.empty();
  }

  private static Workload workload(Along along, int size) {
    int batch = along == Along.BATCH ? size : 32;
    int width = along == Along.WIDTH ? size : 100;
    int depth = switch (along) {
      case DEPTH -> size;
      case WIDTH -> 2;
      case BATCH -> 5;
    };
    int[] sizes = new int[depth + 2];
    Arrays.fill(sizes, width);
    sizes[0] = INPUTS;
    sizes[depth + 1] = 1;
    Workload plain = Workloads.trainBinary("sweep-" + along.lower() + size,
        () -> Networks.block(INPUTS, width, depth), batch, sizes);
    return new Workload(plain.name(), flops(batch, sizes), plain.preparation());
  }

  /// Forward and both gradients are 2 flops for each weight and example each (the gradient by the inputs of the network is not
  /// needed), Adam 12 for each weight.
  static double flops(int batch, int... sizes) {
    double flops = 0;
    for (int i = 1; i < sizes.length; i++) {
      double weights = (double) sizes[i - 1] * sizes[i];
      flops += weights * ((i == 1 ? 4.0 : 6.0) * batch + 12);
    }
    return flops;
  }

  /// Sizes, times and costs; a size that costs over twice its neighbor is marked.
  static String table(Along along, List<Workload> workloads, List<Figure> figures) {
    StringBuilder text = new StringBuilder(
        "| " + along.lower() + " | µs | ps a flop | |\n|--:|--:|--:|---|\n");
    for (int i = 0; i < figures.size(); i++) {
      double own = cost(workloads, figures, i);
      boolean cliff = i > 0 && own > CLIFF * cost(workloads, figures, i - 1)
          || i + 1 < figures.size() && own > CLIFF * cost(workloads, figures, i + 1);
      text.append(String.format(Locale.ROOT, "| %s | %.1f | %.2f | %s |%n",
          workloads.get(i).name().substring(("sweep-" + along.lower()).length()),
          figures.get(i).minMicros(), own, cliff ? "**over twice its neighbor**" : ""));
    }
    return text.toString();
  }

  private static double cost(List<Workload> workloads, List<Figure> figures, int i) {
    return figures.get(i).minMicros() * 1e6 / workloads.get(i).flops();
  }
}
