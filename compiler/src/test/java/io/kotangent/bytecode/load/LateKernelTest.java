package io.kotangent.bytecode.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.loop.Kernel;
import io.kotangent.loop.KernelListing;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.Step;
import io.kotangent.plan.lower.Planner;
import io.kotangent.text.GraphParser;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class LateKernelTest {
  /// One that has vectors, or sums in aligned memory.
  private static Kernel kernel() {
    PlanOptions options = PlanOptions.STANDARD.withVectors(128).withAligned().everywhere();
    return Planner.plan(GraphParser.parse("""
        graph product(a: input f32[40,40], b: input f32[40,40]) {
          %0 = contract[ab,bc->ac] a, b : f32[40,40]
          return c=%0
        }
        """).getFirst(), options).steps().stream().filter(Step.When.class::isInstance)
        .map(Step.When.class::cast).flatMap(when -> when.then().stream())
        .filter(Step.Run.class::isInstance).map(Step.Run.class::cast).map(Step.Run::kernel)
        .filter(kernel -> SimdState.of(kernel).hasSimd()).findFirst().orElseThrow();
  }

  @Test
  void aNewClassTakesThePlaceOfOneThatIsNotCompiledForAllProgramsThatHaveIt() {
    KernelCache cache = new KernelCache();
    Kernel kernel = kernel();
    LateKernel one = new LateKernel(kernel, KernelListing.of(kernel), cache);
    LateKernel other = new LateKernel(kernel, KernelListing.of(kernel), cache);
    KernelClass before = one.get();
    int classes = cache.size();
    assertSame(before, other.get());
    KernelClass fresh = one.renewed();
    assertNotSame(before.type(), fresh.type());
    assertEquals(before.listing(), fresh.listing());
    assertSame(fresh, one.get());
    assertFalse(one.isReady() || other.isReady());
    fresh.simd().makeReady();
    assertTrue(one.isReady() && other.isReady());
    assertSame(fresh, other.get());
    assertEquals(classes, cache.size());
  }

  @Test
  void whatIsReadyStaysThoughTheCacheHasAnother() {
    KernelCache cache = new KernelCache();
    Kernel kernel = kernel();
    LateKernel one = new LateKernel(kernel, KernelListing.of(kernel), cache);
    KernelClass ready = one.get();
    ready.simd().makeReady();
    cache.forget(ready);
    assertNotSame(ready, new LateKernel(kernel, KernelListing.of(kernel), cache).get());
    assertSame(ready, one.get());
    assertTrue(one.isReady());
  }
}
