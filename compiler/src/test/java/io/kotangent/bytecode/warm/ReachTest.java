package io.kotangent.bytecode.warm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.bytecode.load.LateKernel;
import io.kotangent.bytecode.load.Machine;
import io.kotangent.loop.KernelListing;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.Step;
import io.kotangent.plan.lower.Planner;
import io.kotangent.text.GraphParser;
import io.kotangent.type.KotangentException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Trials of kernels over arrays that are large.
@Tag("fast")
class ReachTest {
  private static final long USUAL = 16;
  private static final int BYTES = 4;
  private static final int BITS = Math.max(Machine.LEAST_BITS, Machine.vectorBits());

  /// Sizes over which sums and columns are cut, rest and all.
  private static final int[] WIDTHS = {17, 130, 257};

  private static final String DENSE = """
      graph dense(x: input f32[n,W], w: state f32[W,W], v: state f32[W,W]) {
        %0 = contract[bk,kn->bn] x, w   : f32[n,W]
        %1 = tanh %0                    : f32[n,W]
        %2 = contract[bk,kn->bn] %1, v  : f32[n,W]
        %3 = contract[bn,kn->bk] %2, v  : f32[n,W]
        %4 = contract[bk,bn->kn] x, %3  : f32[W,W]
        %5 = contract[bk,bn->kn] %1, %2 : f32[W,W]
        %6 = add w, %4                  : f32[W,W]
        %7 = add v, %5                  : f32[W,W]
        %8 = reduce.sum[axes=(0)] %3    : f32[W]
        %9 = reduce.max[axes=(1)] %3    : f32[n]
        update w = %6
        update v = %7
        return y=%3, s=%8, m=%9
      }
      """;
  private static final String UPDATE = """
      graph update(g: input f32[4194304], w: state f32[4194304], m: state f32[4194304] as m of w) {
        %0 = add m, g : f32[4194304]
        %1 = tanh %0  : f32[4194304]
        %2 = sub w, %1 : f32[4194304]
        update m = %0
        update w = %2
        return
      }
      """;

  private static List<Step.Run> steps(String text, int bits) {
    List<Step.Run> runs = new ArrayList<>();
    collect(Planner.plan(GraphParser.parse(text).getFirst(),
        PlanOptions.STANDARD.withVectors(bits).everywhere()).steps(), runs);
    return runs;
  }

  private static void collect(List<Step> steps, List<Step.Run> runs) {
    for (Step step : steps) {
      if (step instanceof Step.When when) {
        collect(when.then(), runs);
        collect(when.otherwise(), runs);
      } else if (step instanceof Step.Run run && run.share().asParts().isPresent()) {
        runs.add(run);
      }
    }
  }

  private static Choice.Way way(Step.Run step, List<Long> reach) {
    return new Choice.Way(step,
        new LateKernel(step.kernel(), KernelListing.of(step.kernel()), new KernelCache()), reach);
  }

  /// Each call of a trial stays in arrays that are just so long.
  @Test
  void noCallOfATrialGoesBeyondIt() {
    int shorter = 0;
    for (int width : WIDTHS) {
      for (Step.Run step : steps(DENSE.replace("W", Integer.toString(width)), BITS)) {
        SampleInts ints = SampleInts.of(step, USUAL);
        List<Long> reach = Reach.of(step.kernel(), ints.ranges());
        SampleCall call = new SampleCall(way(step, reach), USUAL, new SampleArrays());
        call.none();
        call.odd();
        assertTrue(call.timed() >= 0);
        long[] lengths = SampleCall.lengths(step, ints);
        shorter += IntStream.range(0, lengths.length).anyMatch(i -> reach.get(i) < lengths[i])
            ? 1 : 0;
      }
    }
    assertTrue(shorter > 20, "only " + shorter + " kernels need less than their arrays");
  }

  /// Of whole arrays it would take 80 MB.
  @Test
  void anUpdateOfMillionsIsTriedInKilobytes() {
    List<Step.Run> steps = steps(UPDATE, BITS);
    assertTrue(steps.size() >= 2, steps::toString);
    for (Step.Run step : steps) {
      SampleArrays memory = new SampleArrays(256 << 10);
      SampleCall call = new SampleCall(way(step, Choices.reach(step, USUAL)), USUAL, memory);
      call.odd();
      call.none();
      assertTrue(memory.bytes() > 0 && memory.bytes() < 256 << 10, memory.bytes() + " bytes");
      assertThrows(KotangentException.class,
          () -> new SampleCall(way(step, List.of()), USUAL, memory));
    }
  }

  /// One bound for all trials, whichever need what.
  @Test
  void trialsTogetherTakeNoMoreThanTheyMay() {
    long most = 256 << 10;
    SampleArrays memory = new SampleArrays(most);
    List<SampleCall> calls = new ArrayList<>();
    int refused = 0;
    for (int width : new int[] {64, 300, 100, 257, 130}) {
      for (Step.Run step : steps(DENSE.replace("W", Integer.toString(width)), BITS)) {
        try {
          calls.add(new SampleCall(way(step, Choices.reach(step, USUAL)), USUAL, memory));
        } catch (KotangentException e) {
          assertTrue(e.getMessage().contains("kB"), e::getMessage);
          refused++;
        }
        calls.getLast().none();
        calls.getFirst().none();
        assertTrue(memory.bytes() <= most, memory.bytes() + " bytes");
      }
    }
    assertTrue(calls.size() > 2 * refused, calls.size() + " tried, " + refused + " not");
    int generation = memory.generation();
    memory.clear();
    assertNotEquals(generation, memory.generation());
    assertEquals(0, memory.bytes());
  }

  /// What is not known of an index is not taken for little.
  @Test
  void whatDataSayIsAnything() {
    Step.Run step = steps("""
        graph pick(t: input f32[100000,16], i: input i32[n]) {
          %0 = gather[axis=0] t, i : f32[n,16]
          return y=%0
        }
        """, BITS).getFirst();
    List<Long> reach = Reach.of(step.kernel(), SampleInts.of(step, USUAL).ranges());
    assertTrue(reach.stream().anyMatch(each -> each >= 100_000 * 16),
        () -> reach + " of " + Arrays.toString(SampleCall.lengths(step,
            SampleInts.of(step, USUAL))) + " elements of " + BYTES);
  }
}
