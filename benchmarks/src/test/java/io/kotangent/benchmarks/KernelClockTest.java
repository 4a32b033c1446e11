package io.kotangent.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.runtime.Program;
import org.junit.jupiter.api.Test;

class KernelClockTest {
  @Test
  void theClockedStepComputesTheSameBits() {
    Workload block = Workloads.named("block-train").getFirst();
    Running plain = block.prepare().begin(1);
    Running clocked = block.prepare().begin(1);
    KernelClock clock = new KernelClock(clocked.compilation());
    Program timed = Program.of(clocked.compilation().program().signature(), clock);
    for (int i = 0; i < 5; i++) {
      plain.again();
      assertTrue(timed.run(clocked.workspace(), clocked.state()));
    }
    assertEquals(plain.state().sha256(), clocked.state().sha256());
  }

  @Test
  void everyKernelIsInTheTable() {
    Running running =
        Workloads.named("block-train").getFirst().prepare().begin(1);
    KernelClock clock = new KernelClock(running.compilation());
    Program.of(running.compilation().program().signature(), clock).run(running.workspace(),
        running.state());
    assertEquals(running.compilation().code().kernels().size(), clock.times().size());
    assertTrue(clock.times().stream().allMatch(t -> t.leastMicros() > 0 && t.calls() > 0));
    String table = Kernels.table("block-train", new Timing(2, 1), clock.times());
    assertTrue(table.contains("| 100.0 % |"), table);
  }
}
