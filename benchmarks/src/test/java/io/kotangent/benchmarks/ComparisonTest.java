package io.kotangent.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static Figure figure(String workload, double first, double least) {
    return new Figure("any", 2, workload, first, 2 * least, least, Optional.empty());
  }

  @Test
  void aRowNamesTheBestPeerAndHowManyTimesBetterWeAre() {
    Comparison comparison = new Comparison();
    comparison.add(Comparison.OURS, figure("block-train", 350, 100));
    comparison.add(Comparison.ROWS, figure("block-train", 175, 200));
    comparison.add("torch", figure("block-train", 500, 866));
    comparison.add("jax", figure("block-train", 1050, 311));
    List<String> lines = comparison.tables().lines().toList();
    assertEquals("| `block-train` | jax 311 | torch 866 | 100 | 3.11 | 200 | 1.56 |",
        lines.get(4));
    assertEquals("| `block-train` | torch 500 | jax 1050 | 350 | 1.43 | 175 | 2.86 |",
        lines.get(10));
  }

  @Test
  void speedsAreBetterWhenTheyAreMore() {
    Comparison comparison = new Comparison();
    double flops = 2 * 64 * 64 * 64;
    comparison.add(Comparison.OURS, figure("gemm64", 1, flops / 60e3));
    comparison.add("jax", figure("gemm64", 1, flops / 7e3));
    comparison.add("torch", figure("gemm64", 1, flops / 30e3));
    assertEquals("| `gemm64` | torch 30.0 | jax 7.00 | 60.0 | 2.00 | – | – |",
        comparison.tables().lines().toList().get(4));
  }

  @Test
  void ofRepeatedRunsTheBestStays() {
    Comparison comparison = new Comparison();
    comparison.add(Comparison.OURS, figure("mlp-train", 350, 270));
    comparison.add(Comparison.OURS, figure("mlp-train", 300, 280));
    List<String> lines = comparison.tables().lines().toList();
    assertEquals("| `mlp-train` | – |  | 270 | – | – | – |", lines.get(4));
    assertEquals("| `mlp-train` | – |  | 300 | – | – | – |", lines.get(10));
  }

  @Test
  void optionsAreRead() {
    Options options = Options.parse("--threads", "2", "--rows", "--rounds", "3", "gemm64");
    assertEquals(2, options.threads());
    assertEquals(3, options.rounds());
    assertEquals(List.of("gemm64"), options.workloads());
    assertThrows(IllegalArgumentException.class, () -> Options.parse("--thread"));
    assertThrows(IllegalArgumentException.class, () -> Options.parse("--threads"));
    assertThrows(IllegalArgumentException.class, () -> Options.parse("--threads", "0"));
  }
}
