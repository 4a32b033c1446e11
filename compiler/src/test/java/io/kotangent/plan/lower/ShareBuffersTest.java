package io.kotangent.plan.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.plan.Buffer;
import io.kotangent.plan.Plan;
import io.kotangent.plan.Step;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.runtime.Signature;
import io.kotangent.runtime.StateLayout;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShareBuffersTest {
  private static final int MANY = 100_000;
  /// Of the thread's own time: comparing each array with each took over ten.
  private static final double SECONDS = 4;

  @Test
  void theNearestLengthIsTakenAndOfThoseTheOldest() {
    assertEquals("[0, 1, 2, 1]", places(4, i -> new int[][] {{0, 2}, {0, 2}, {0, 2}, {3, 3}}[i],
        i -> new long[] {10, 21, 19, 20}[i]).toString());
    assertEquals("[0, 1, 2, 1, 0]",
        places(5, i -> new int[][] {{0, 2}, {0, 2}, {0, 2}, {3, 3}, {3, 3}}[i],
            i -> new long[] {1, 20, 20, 20, 4}[i]).toString());
  }

  /// What is shared is never in use at the same time, and is the array that a look at each would find.
  @Test
  void randomLivesAreSharedAsALookAtEachWould() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      int n = 1 + random.nextInt(60);
      int[][] lives = new int[n][];
      long[] lengths = random.longs(n, 1, 1 + random.nextInt(40) + 1).toArray();
      for (int i = 0; i < n; i++) {
        int from = random.nextInt(2 * n);
        lives[i] = new int[] {from, from + random.nextInt(10)};
      }
      assertEquals(lookingAtEach(lives, lengths), places(n, i -> lives[i], i -> lengths[i]),
          "seed " + seed);
    }
  }

  @Test
  void isQuickHoweverManyThereAre() {
    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    List<Integer> nested = places(MANY, i -> new int[] {i, 2 * MANY - 1 - i}, i -> 1 + i % 7);
    List<Integer> inTurn = places(MANY, i -> new int[] {i, i + 1}, i -> 1 + i % 7);
    double seconds =
        (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e9;
    assertEquals(MANY, Set.copyOf(nested).size());
    assertEquals(2, new HashSet<>(inTurn).size());
    assertTrue(seconds < SECONDS, () -> seconds + " s");
  }

  private interface Life {
    /// The first and the last step that mentions an array.
    int[] of(int array);
  }

  private interface Length {
    long of(int array);
  }

  /// Where each of `n` arrays is after sharing.
  private static List<Integer> places(int n, Life life, Length length) {
    List<Buffer> buffers = new ArrayList<>();
    int steps = IntStream.range(0, n).map(i -> life.of(i)[1]).max().orElseThrow() + 1;
    List<List<Step>> mentions =
        IntStream.range(0, steps).<List<Step>>mapToObj(_ -> new ArrayList<>()).toList();
    for (int i = 0; i < n; i++) {
      Buffer buffer = new Buffer(i, new ArraySlot("v" + i, DType.BOOL, Dim.of(length.of(i)),
          ArraySlot.Kind.WORKSPACE));
      buffers.add(buffer);
      for (int at : life.of(i)) {
        mentions.get(at).add(new Step.When(new Step.Argument(buffer, Dim.ZERO), List.of(),
            List.of()));
      }
    }
    List<Step> program = mentions.stream().<Step>map(
        step -> new Step.Repeat("i", Dim.ONE, false, step)).toList();
    Signature signature = new Signature("g", List.of(), List.of(), List.of(),
        StateLayout.of(List.of()), buffers.stream().map(Buffer::slot).toList(), List.of(),
        List.of(), Dim.ZERO, false);
    ShareBuffers.Shared shared = ShareBuffers
        .apply(new Plan("g", signature, buffers, program, Optional.empty()));
    return buffers.stream().map(b -> Objects.requireNonNull(shared.places().get(b)).index())
        .toList();
  }

  /// The same by looking at every array for each.
  private static List<Integer> lookingAtEach(int[][] lives, long[] lengths) {
    Integer[] order = IntStream.range(0, lives.length).boxed().toArray(Integer[]::new);
    Arrays.sort(order, (a, b) -> Integer.compare(lives[a][0], lives[b][0]));
    List<long[]> arrays = new ArrayList<>();
    Integer[] places = new Integer[lives.length];
    for (int i : order) {
      int best = -1;
      for (int j = 0; j < arrays.size(); j++) {
        boolean free = arrays.get(j)[1] < lives[i][0];
        if (free && (best < 0 || Math.abs(arrays.get(j)[0] - lengths[i]) < Math
            .abs(arrays.get(best)[0] - lengths[i]))) {
          best = j;
        }
      }
      if (best < 0) {
        best = arrays.size();
        arrays.add(new long[2]);
      }
      arrays.set(best, new long[] {Math.max(arrays.get(best)[0], lengths[i]), lives[i][1]});
      places[i] = best;
    }
    return List.of(places);
  }
}
