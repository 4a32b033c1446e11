package io.kotangent.bytecode.warm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.GeneratedCode;
import io.kotangent.bytecode.SimdUse;
import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.bytecode.load.LoadedKernels;
import io.kotangent.plan.Plan;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.lower.Planner;
import io.kotangent.text.GraphParser;
import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What choices weigh, by the sizes that a program is called with.
class ChoiceWorkTest {
  private static final String GRAPH = """
      graph weights(x: input f32[batch,512], a: input f32[512,512], few: input f32[count]) {
        %0 = contract[mk,kn->mn] x, a : f32[batch,512]
        %1 = softplus few : f32[count]
        %2 = sigmoid %1 : f32[count]
        return y=%0, z=%2
      }
      """;
  private static final int WIDTH = 256;

  private final Plan plan = Planner.plan(GraphParser.parse(GRAPH).getFirst(),
      PlanOptions.STANDARD.withVectors(WIDTH).everywhere());
  private final List<String> symbols = plan.signature().symbols();
  private final Choice[] choices = choices(plan, symbols);
  private final int heavy = place("tiles");
  private final int light = place("softplus");

  private static Choice[] choices(Plan plan, List<String> symbols) {
    LoadedKernels loaded = new LoadedKernels(new KernelCache());
    loaded.load(plan.steps()).close();
    return Choices.of(plan.steps(), symbols, loaded);
  }

  /// The last choice with a step of such a name: for so many rows as there are here.
  private int place(String name) {
    int place = -1;
    for (int i = 0; i < choices.length; i++) {
      if (choices[i].simd().stream().anyMatch(way -> way.step().name().contains(name))) {
        place = i;
      }
    }
    assertTrue(place >= 0, name);
    return place;
  }

  private int[] sizes(int batch, int count) {
    int[] sizes = new int[symbols.size()];
    sizes[symbols.indexOf("batch")] = batch;
    sizes[symbols.indexOf("count")] = count;
    return sizes;
  }

  private ChoiceWork work(int[] sizes) {
    return ChoiceWork.of(choices, symbols, sizes);
  }

  /// No sizes are sizes, too.
  @Test
  void programsWithoutSizesAreWeighed() {
    Plan fixed = Planner.plan(GraphParser.parse("""
        graph fixed(a: input f32[64,64], b: input f32[64,64]) {
          %0 = contract[mk,kn->mn] a, b : f32[64,64]
          return y=%0
        }
        """).getFirst(), PlanOptions.STANDARD.withVectors(WIDTH).everywhere());
    GeneratedCode code = GeneratedCode.of(fixed, new KernelCache(), SimdUse.WHEN_FASTER);
    boolean[] flags = new boolean[8];
    code.choose(flags, new int[0]);
    code.choose(flags, new int[0]);
    assertFalse(flags[0]);
    assertTrue(ChoiceWork.of(choices(fixed, List.of()), List.of(), new int[0]).of(0) > 0);
  }

  @Test
  void growsWithTheSizes() {
    long some = work(sizes(64, 1000)).of(light);
    assertTrue(some > 0);
    assertEquals(10 * some, work(sizes(64, 10_000)).of(light));
    assertTrue(work(sizes(64, 10_000)).isFor(sizes(64, 10_000)));
    assertFalse(work(sizes(64, 10_000)).isFor(sizes(65, 10_000)));
  }

  /// Each layer of a deep network is little of the whole, but all are one kernel.
  @Test
  void callsOfOneKernelAreWeighedTogether() {
    int layers = 400;
    StringBuilder text =
        new StringBuilder("graph deep(x: input f32[32,64], a: input f32[64,64]) {\n");
    for (int i = 0; i < layers; i++) {
      text.append("%").append(i).append(" = contract[mk,kn->mn] ")
          .append(i == 0 ? "x" : "%" + (i - 1)).append(", a : f32[32,64]\n");
    }
    text.append("return y=%").append(layers - 1).append("\n}\n");
    Plan deep = Planner.plan(GraphParser.parse(text.toString()).getFirst(),
        PlanOptions.STANDARD.withVectors(WIDTH).everywhere());
    Choice[] all = choices(deep, List.of());
    ChoiceWork weighed = ChoiceWork.of(all, List.of(), new int[0]);
    assertTrue(all.length >= layers, () -> all.length + " choices");
    for (int i = 0; i < all.length; i++) {
      assertEquals(layers * weighed.of(i), weighed.ofKernels(i));
      assertFalse(weighed.isLittle(i));
    }
  }

  @Test
  void whatIsLittleOfAllIsNotAskedForUntilSizesHaveGrown() {
    assertTrue(work(sizes(64, 16)).isLittle(light));
    assertFalse(work(sizes(64, 1 << 20)).isLittle(light));
    assertFalse(work(sizes(64, 16)).isLittle(heavy));
    Choice choice = choices[light];
    long much = Long.MAX_VALUE;
    assertFalse(choice.isDue(sizes(64, 16), much, true), "the first run comes before");
    assertTrue(choice.isOpen(sizes(64, 16)));
    assertFalse(choice.isDue(sizes(64, 16), much, true));
    assertFalse(choice.isOpen(sizes(64, 16)));
    assertFalse(choice.isOpen(sizes(64, 90)));
    assertTrue(choice.isOpen(sizes(64, 100)));
    assertTrue(choice.isDue(sizes(64, 100), much, false));
    assertFalse(choice.isOpen(sizes(64, 100)), "asked once");
    assertFalse(choice.isDue(sizes(64, 1000), much, false));
  }

  /// Where there is no thread or no memory when it asks, it is not slow for life.
  @Test
  void whatNobodyTakesUpAsksAgain() throws InterruptedException {
    Choice choice = choices[heavy];
    assertFalse(choice.isDue(sizes(64, 16), Long.MAX_VALUE, false), "the first run comes before");
    assertTrue(choice.isDue(sizes(64, 16), Long.MAX_VALUE, false));
    assertFalse(choice.isOpen(sizes(64, 16)));
    choice.askLater();
    assertTrue(choice.isOpen(sizes(64, 16)));
    assertFalse(choice.isDue(sizes(64, 16), Long.MAX_VALUE, false), "not at once");
    Thread.sleep(120);
    assertTrue(choice.isDue(sizes(64, 16), Long.MAX_VALUE, false));
    assertFalse(choice.isOpen(sizes(64, 16)));
  }

  @Test
  void whatHasTakenMostTimeSoFarComesFirst() {
    long[] runs = {1_000, 10};
    Choice often = choices[light];
    Choice seldom = choices[heavy];
    often.countRuns(() -> runs[0]);
    often.costs(3);
    seldom.countRuns(() -> runs[1]);
    seldom.costs(100);
    long now = System.nanoTime();
    List<SimdWarmer.Asked> waiting = List.of(
        new SimdWarmer.Asked(new WeakReference<>(seldom), 0, now),
        new SimdWarmer.Asked(new WeakReference<>(often), 0, now));
    assertSame(waiting.get(1), SimdWarmer.heaviest(waiting, now).orElseThrow());
    runs[1] += 100;
    assertSame(waiting.get(0), SimdWarmer.heaviest(waiting, now).orElseThrow());
  }
}
