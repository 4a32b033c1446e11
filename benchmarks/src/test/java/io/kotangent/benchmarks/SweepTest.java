package io.kotangent.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SweepTest {
  @Test
  void flopsAreCounted() {
    // 10·100 weights without a gradient by the inputs, 100·1 with one.
    assertEquals(1000 * (4 * 32 + 12) + 100 * (6 * 32 + 12), Sweep.flops(32, 10, 100, 1));
  }

  @Test
  void aCliffIsMarkedAndNothingElse() {
    List<Workload> three = Sweep.Along.DEPTH.workloads().subList(0, 3);
    List<Figure> figures = List.of(figure(three.get(0), 5), figure(three.get(1), 5),
        figure(three.get(2), 10.5));
    List<String> lines = Sweep.table(Sweep.Along.DEPTH, three, figures).lines().toList();
    assertEquals("| 1 | " + String.format("%.1f", figures.get(0).minMicros()) + " | 5.00 |  |",
        lines.get(2));
    assertEquals(List.of(false, false, true),
        lines.subList(2, 5).stream().map(l -> l.contains("twice")).toList());
  }

  private static Figure figure(Workload workload, double picosAFlop) {
    double micros = workload.flops() * picosAFlop / 1e6;
    return new Figure("kotangent", 1, workload.name(), 0, micros, micros, Optional.empty());
  }

  @Test
  void aPointHasItsSize() {
    Workload point = Workloads.named("sweep-width17").getFirst();
    Running running = point.prepare().begin(1);
    assertEquals(17 * 17, running.state().floats("dense2.w").length);
    assertEquals(32, running.workspace().size("batch"));
  }
}
