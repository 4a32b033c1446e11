package io.kotangent.bytecode.warm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.bytecode.load.LateKernel;
import io.kotangent.loop.KernelListing;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.Step;
import io.kotangent.plan.lower.Planner;
import io.kotangent.text.GraphParser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class SampleCallTest {
  private static final long USUAL = 16;

  private final List<Step.Run> steps = Planner.plan(GraphParser.parse("""
      graph twice(a: input f32[n]) {
        %0 = mul a, a : f32[n]
        return c=%0
      }
      """).getFirst(), PlanOptions.STANDARD.withVectors(128).everywhere()).steps().stream()
      .filter(Step.When.class::isInstance).map(Step.When.class::cast)
      .flatMap(when -> List.of(when.then(), when.otherwise()).stream()).flatMap(List::stream)
      .filter(Step.Run.class::isInstance).map(Step.Run.class::cast).toList();

  /// C2 leaves out what was never run: the rest that whole vectors leave, if all samples are whole grains.
  @Test
  void thereIsMoreThanAGrainSoThatOneSampleIsOdd() {
    for (Step.Run step : steps) {
      int grain = step.share().asParts().orElseThrow().grain();
      for (long size : new long[] {1, USUAL, grain - 1, grain, grain + 1}) {
        Map<String, Long> sizes = SampleInts.enough(step, Map.of("n", size));
        assertTrue(SampleInts.range(step).evaluate(sizes) > grain, size + ": " + sizes);
      }
    }
  }

  /// Samples of different grains are compared by what all of one size would take.
  @Test
  void allOfASizeIsTheSameWorkWhateverTheGrain() {
    for (Step.Run step : steps) {
      Choice.Way way = new Choice.Way(step,
          new LateKernel(step.kernel(), KernelListing.of(step.kernel()), new KernelCache()),
          List.of());
      int grain = step.share().asParts().orElseThrow().grain();
      assertEquals(USUAL, new SampleCall(way, USUAL, new SampleArrays()).whole() * grain, 1e-9);
      assertEquals(1e6, new SampleCall(way, 1_000_000, new SampleArrays()).whole() * grain, 1e-3);
    }
  }
}
