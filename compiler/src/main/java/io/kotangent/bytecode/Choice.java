package io.kotangent.bytecode;

import io.kotangent.plan.Step;
import io.kotangent.type.Dim;
import java.util.List;

/// Two ways of a program to the same bits, SIMD code or plain loops, and whether the first may be taken.
final class Choice {
  /// A step and its loaded kernel.
  record Way(Step.Run step, KernelClass kernel) {
  }

  private final List<Way> simd;
  private final List<Way> plain;
  /// For each size that must be large enough: which symbol, and how large.
  private final int[][] least;

  /// @param simd the steps of the first way whose kernels have SIMD code
  /// @param plain the steps of the second way
  /// @param symbols the names of sizes, in the order in which they are given
  Choice(List<Way> simd, List<Way> plain, List<String> symbols) {
    this.simd = List.copyOf(simd);
    this.plain = List.copyOf(plain);
    this.least = simd.stream().filter(way -> needs(way.step()) > 1)
        .map(way -> new int[] {symbols.indexOf(range(way.step()).toString()), needs(way.step())})
        .filter(least -> least[0] >= 0).toArray(int[][]::new);
  }

  /// Rows that a tile has: there must be as many.
  private static int needs(Step.Run step) {
    return step.share().asParts().map(Step.Share.Parts::grain).orElse(1);
  }

  private static Dim range(Step.Run step) {
    return step.ints().getLast();
  }

  List<Way> simd() {
    return simd;
  }

  List<Way> plain() {
    return plain;
  }

  boolean isReady(int[] sizes) {
    for (int[] rows : least) {
      if (sizes[rows[0]] < rows[1]) {
        return false;
      }
    }
    return isWarm();
  }

  boolean isWarm() {
    for (Way way : simd) {
      if (!way.kernel().simd().isReady()) {
        return false;
      }
    }
    return true;
  }
}
