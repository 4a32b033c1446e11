package io.kotangent.bytecode.warm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kotangent.bytecode.load.KernelCache;
import io.kotangent.bytecode.load.KernelClass;
import io.kotangent.bytecode.load.LateKernel;
import io.kotangent.bytecode.load.SimdState;
import io.kotangent.loop.KernelListing;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.Step;
import io.kotangent.plan.lower.Planner;
import io.kotangent.text.GraphParser;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a trial does, by a clock of its own and calls that take as long as a JIT would have them take.
@Tag("fast")
class SimdTrialTest {
  private static final long NAP = 5_000_000;
  private static final long SECOND = 1_000_000_000L;
  private static final long EXPECTED = 2_000;

  private final Step.Run step = Planner.plan(GraphParser.parse("""
      graph sums(a: input f32[4096], b: input f32[4096]) {
        %0 = add a, b : f32[4096]
        return c=%0
      }
      """).getFirst(), PlanOptions.STANDARD.withVectors(128).everywhere()).steps().stream()
      .filter(Step.When.class::isInstance).map(Step.When.class::cast)
      .flatMap(when -> when.then().stream()).filter(Step.Run.class::isInstance)
      .map(Step.Run.class::cast).findFirst().orElseThrow();
  private final Choice.Way simd = way();
  private final Choice.Way plain = way();
  private final Set<Class<?>> classes = new LinkedHashSet<>();
  private long now = 1;
  private int withWork;
  private int others;
  /// The class, from 1 on, that C2 compiles, and how long it takes for that.
  private int good = Integer.MAX_VALUE;
  private long compileNanos;
  /// What C2 has compiled is thrown away at so many odd calls.
  private int traps;
  private int idleCalls;
  /// Whether C1 compiles it.
  private boolean first = true;
  /// Whether other threads have the processors nearly always.
  private boolean isBusy;

  private Choice.Way way() {
    return new Choice.Way(step,
        new LateKernel(step.kernel(), KernelListing.of(step.kernel()), new KernelCache()),
        List.of());
  }

  private final class Calls implements Sample {
    private final Choice.Way way;
    private long made = now;
    private int calls;

    Calls(Choice.Way way) {
      this.way = way;
      if (way.equals(simd)) {
        classes.add(way.kernel().get().type());
      }
    }

    private boolean isQuick() {
      return way.equals(plain) || classes.size() >= good && now - made > compileNanos;
    }

    private long work() {
      long nanos = isQuick() ? EXPECTED / 2 : 1_000 * EXPECTED;
      now += nanos;
      return nanos;
    }

    @Override
    public void odd() {
      withWork++;
      if (isQuick() && traps > 0) {
        traps--;
        made = now;
      }
      work();
    }

    @Override
    public long timed() {
      withWork += way.equals(simd) ? 1 : 0;
      return work();
    }

    @Override
    public void none() {
      idleCalls += withWork == 0 ? 1 : 0;
      now += ++calls < 400 || !first ? 1_000 : 50;
    }

    @Override
    public long expected() {
      return EXPECTED;
    }

    @Override
    public double whole() {
      return 1;
    }
  }

  private SimdTrial trial() {
    return new SimdTrial(simd, List.of(plain), Calls::new,
        new Clock(() -> now, () -> isBusy ? now / 1_000 : now), () -> others);
  }

  /// Returns how long it took.
  private long run(SimdTrial trial, long most) {
    long start = now;
    while (!trial.isOver() && now - start < most) {
      now += NAP;
    }
    return now - start;
  }

  @Test
  void whatC2CompilesIsReadyInItsFirstClass() {
    good = 1;
    compileNanos = SECOND / 5;
    KernelClass first = simd.kernel().get();
    long took = run(trial(), 10 * SECOND);
    assertTrue(simd.kernel().isReady());
    assertSame(first, simd.kernel().get());
    SimdState.Measured measured = first.simd().measured().orElseThrow();
    assertTrue(measured.simd() <= 1.1 * measured.plain(), measured::toString);
    assertTrue(took > compileNanos && took < 2 * compileNanos + SECOND / 10, took + " ns");
  }

  /// Else a program's first odd run would throw it away, and go on in the interpreter until C2 has compiled it again.
  @ParameterizedTest @ValueSource(ints = {200, 225, 250, 275})
  void whatC2CompiledForEvenWorkAloneIsNotReadyYet(int millis) {
    good = 1;
    compileNanos = millis * (SECOND / 1000);
    traps = 2;
    long took = run(trial(), 10 * SECOND);
    assertTrue(simd.kernel().isReady());
    assertEquals(0, traps);
    assertTrue(took > 3 * compileNanos && took < 3 * SECOND, took + " ns");
  }

  /// C2 compiles what was called five thousand times: by then it is to have seen work.
  @Test
  void whatC1CannotCompileHasWorkBeforeC2CountsEnoughCalls() {
    first = false;
    good = 1;
    compileNanos = SECOND;
    run(trial(), 10 * SECOND);
    assertTrue(simd.kernel().isReady());
    assertTrue(idleCalls < 4500, idleCalls + " calls for nothing before any with work");
  }

  @Test
  void whatIsStuckGetsANewClass() {
    good = 2;
    KernelClass first = simd.kernel().get();
    long took = run(trial(), 10 * SECOND);
    assertTrue(simd.kernel().isReady());
    assertNotSame(first.type(), simd.kernel().get().type());
    assertEquals(2, classes.size());
    assertTrue(took > 3 * SECOND && took < 4 * SECOND, took + " ns");
  }

  @Test
  void whatC2HasPassedOverGetsANewClassSooner() {
    good = 2;
    SimdTrial trial = trial();
    run(trial, SECOND / 2);
    others++;
    run(trial, 10 * SECOND);
    assertTrue(simd.kernel().isReady());
    assertEquals(2, classes.size());
    assertTrue(now > 2 * SECOND && now < 3 * SECOND, now + " ns");
  }

  /// As under `-Xint`, or with C1 alone.
  @Test
  void whatC2NeverCompilesIsGivenUpAfterTenSecondsAndThreeClasses() {
    SimdTrial trial = trial();
    long took = run(trial, 60 * SECOND);
    assertTrue(trial.isOver());
    assertFalse(simd.kernel().isReady());
    assertEquals(3, classes.size());
    assertTrue(took < 11 * SECOND, took + " ns");
  }

  /// C2 has to see what is often done, but not at the cost of what runs meanwhile.
  @Test
  void someFortyTurnsHaveWorkWhileC2HasNotCompiledItAndThenFew() {
    SimdTrial trial = trial();
    run(trial, SECOND);
    int first = withWork;
    assertTrue(first > 20 && first < 50, first + " calls in the first second");
    run(trial, 2 * SECOND - SECOND / 2);
    assertTrue(withWork - first < 30, withWork - first + " calls later");
  }

  /// Else what a process is compiled of while it starts would stay slow.
  @Test
  void whatABusyProcessHasNoTimeForIsWaitedFor() {
    isBusy = true;
    good = 1;
    compileNanos = 30 * SECOND;
    long took = run(trial(), 200 * SECOND);
    assertTrue(simd.kernel().isReady());
    assertTrue(took > 30 * SECOND && took < 50 * SECOND, took + " ns");
  }

  @Test
  void whatABusyProcessNeverHasTimeForIsGivenUpAfterTwoMinutes() {
    isBusy = true;
    SimdTrial trial = trial();
    long took = run(trial, 200 * SECOND);
    assertTrue(trial.isOver());
    assertFalse(simd.kernel().isReady());
    assertTrue(took < 121 * SECOND, took + " ns");
  }
}
