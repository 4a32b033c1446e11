package io.kotangent.plan;

import io.kotangent.loop.Kernel;
import io.kotangent.loop.LoopInterpreter;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.runtime.Code;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Runs a plan as several threads would that have scratch of their own: between two barriers one thread after the other, so
/// that whatever should have waited at a barrier comes too early or too late. Takes SIMD code wherever there is some.
public final class SharedRun implements Code {
  private final Plan plan;
  private final int count;
  private final boolean lastFirst;
  private final Map<Kernel, LoopInterpreter> kernels = new IdentityHashMap<>();

  public SharedRun(Plan plan, int count, boolean lastFirst) {
    this.plan = plan;
    this.count = count;
    this.lastFirst = lastFirst;
  }

  @Override
  public void choose(boolean[] choices, int[] sizes) {
    choose(plan.steps(), choices, sizes);
  }

  private void choose(List<Step> steps, boolean[] choices, int[] sizes) {
    for (Step step : steps) {
      switch (step) {
        case Step.Run _, Step.Barrier _ -> {
          // no choice
        }
        case Step.Repeat repeat -> choose(repeat.body(), choices, sizes);
        case Step.When when -> {
          if (when.flag().buffer().slot().kind() == ArraySlot.Kind.CHOICES) {
            choices[Math.toIntExact(when.flag().offset().constant())] = fits(when.then(), sizes);
          }
          choose(when.then(), choices, sizes);
          choose(when.otherwise(), choices, sizes);
        }
      }
    }
  }

  /// SIMD code needs as many rows as its tiles have, where their number is a size of the caller's.
  private boolean fits(List<Step> simd, int[] sizes) {
    return simd.stream().filter(Step.Run.class::isInstance).map(Step.Run.class::cast)
        .flatMap(run -> run.share().asParts().stream())
        .flatMap(parts -> parts.needs().stream())
        .allMatch(need -> sizes[plan.signature().symbols()
            .indexOf(need.size().toString())] >= need.least());
  }

  @Override
  public boolean run(Object[] arrays, int[] sizes, int thread, int threads, Runnable barrier) {
    Map<String, Long> symbols = new HashMap<>();
    for (int i = 0; i < sizes.length; i++) {
      symbols.put(plan.signature().symbols().get(i), (long) sizes[i]);
    }
    Run run = new Run(arrays);
    run.steps(plan.steps(), symbols);
    boolean committed = plan.guard().map(flag -> run.flag(flag, symbols)).orElse(true);
    run.meet();
    return committed;
  }

  /// One run: what each thread has still to do before the next barrier.
  private final class Run {
    private final List<Object[]> arrays = new ArrayList<>();
    private final List<List<Runnable>> ahead = new ArrayList<>();

    Run(Object[] shared) {
      for (int t = 0; t < count; t++) {
        Object[] own = shared.clone();
        for (int i = 0; i < own.length; i++) {
          ArraySlot slot = plan.signature().arrays().get(i);
          // the interpreter of loops knows arrays only
          if (slot.kind().isScratch() && (t > 0 || slot.kind() == ArraySlot.Kind.ALIGNED)) {
            own[i] = PlanRun.garbage(slot.dtype().newArray(ArraySlot.elements(own[i])));
          }
        }
        arrays.add(own);
        ahead.add(new ArrayList<>());
      }
    }

    void meet() {
      for (List<Runnable> actions : lastFirst ? ahead.reversed() : ahead) {
        actions.forEach(Runnable::run);
        actions.clear();
      }
    }

    void steps(List<Step> steps, Map<String, Long> symbols) {
      for (Step step : steps) {
        switch (step) {
          case Step.Barrier _ -> meet();
          case Step.Run run -> step(run, symbols);
          case Step.When when ->
              steps(flag(when.flag(), symbols) ? when.then() : when.otherwise(), symbols);
          case Step.Repeat repeat -> {
            int times = repeat.count().evaluateInt(symbols);
            for (int i = 0; i < times; i++) {
              symbols.put(repeat.counter(), (long) (repeat.reverse() ? times - 1 - i : i));
              steps(repeat.body(), symbols);
            }
            symbols.remove(repeat.counter());
          }
        }
      }
    }

    private void step(Step.Run run, Map<String, Long> symbols) {
      int[] ints = run.ints().stream().mapToInt(dim -> evaluate(dim, symbols)).toArray();
      int[] offsets =
          run.arguments().stream().mapToInt(a -> evaluate(a.offset(), symbols)).toArray();
      switch (run.share()) {
        case Step.Share.One(int thread, var _) -> later(run, thread % count, offsets, ints);
        case Step.Share.Each _ -> {
          for (int t = 0; t < count; t++) {
            later(run, t, offsets, ints);
          }
        }
        case Step.Share.Parts parts -> {
          int from = ints[ints.length - 2];
          int to = ints[ints.length - 1];
          for (int t = 0; t < count; t++) {
            int[] own = ints.clone();
            own[ints.length - 2] = bound(t, from, to, parts.grain());
            own[ints.length - 1] = bound(t + 1, from, to, parts.grain());
            later(run, t, offsets, own);
          }
        }
      }
    }

    private int bound(int part, int from, int to, int grain) {
      return part == 0 ? from : part == count ? to
          : Math.min(to, from + (to - from) / grain * part / count * grain);
    }

    private void later(Step.Run run, int thread, int[] offsets, int[] ints) {
      LoopInterpreter kernel = kernels.computeIfAbsent(run.kernel(), LoopInterpreter::new);
      Object[] args = run.arguments().stream()
          .map(argument -> arrays.get(thread)[argument.buffer().index()]).toArray();
      ahead.get(thread).add(() -> kernel.run(args, offsets, ints));
    }

    boolean flag(Step.Argument flag, Map<String, Long> symbols) {
      boolean[] array = (boolean[]) arrays.getFirst()[flag.buffer().index()];
      return array[evaluate(flag.offset(), symbols)];
    }
  }

  private static int evaluate(Dim dim, Map<String, Long> symbols) {
    return Math.toIntExact(dim.evaluate(symbols));
  }
}
