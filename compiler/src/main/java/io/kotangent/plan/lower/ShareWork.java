package io.kotangent.plan.lower;

import io.kotangent.loop.ArrayParam;
import io.kotangent.plan.Buffer;
import io.kotangent.plan.Plan;
import io.kotangent.plan.Step;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Divides a plan among threads, however many there will be. A kernel with a loop that can be shared is run by all of
/// them, each a part, if it takes long enough; any other by one. Between a step and an earlier one that it must not
/// overtake (it reads what that writes, or writes what that reads or writes) there is a barrier, unless one thread runs
/// both. The bits are those of one thread: parts are of axes that nothing is summed along.
final class ShareWork {
  /// Picoseconds above which a step that one thread runs is given to another thread than those before it.
  private static final long LARGE = 2_000_000;
  /// Picoseconds that an element of an argument takes, about, in a kernel that cannot be shared.
  private static final int ELEMENT = 200;
  private static final int MOST_ACCESSES = 100;
  private static final int ALL = -1;

  /// A stretch of a buffer that a step touches.
  ///
  /// @param thread the number of the one that does, or all of them
  private record Access(Dim from, Dim to, boolean writes, int thread) {
    Access by(int other) {
      return new Access(from, to, writes, other);
    }

    boolean mayMeet(Access other) {
      return (writes || other.writes) && !other.from.minus(to).isAtLeast(0)
          && !from.minus(other.to).isAtLeast(0);
    }
  }

  private final long least;
  /// What was touched since the last barrier.
  private Map<Buffer, Set<Access>> open = new LinkedHashMap<>();
  private Dim work = Dim.ZERO;
  private int nextThread;

  private ShareWork(long least) {
    this.least = least;
  }

  /// @param least picoseconds that a part should take
  static Plan apply(Plan plan, long least) {
    ShareWork sharing = new ShareWork(least);
    List<Step> steps = sharing.block(plan.steps(), Dim.ONE);
    if (sharing.work.is(0)) {
      return byOne(plan);
    }
    plan.guard().ifPresent(flag -> sharing.meetBefore(steps, reads(flag)));
    return with(plan, steps, sharing.work);
  }

  /// All steps are run by the first thread.
  static Plan byOne(Plan plan) {
    return with(plan, by(0, plan.steps()), Dim.ZERO);
  }

  private static List<Step> by(int thread, List<Step> steps) {
    List<Step> result = new ArrayList<>();
    for (Step step : steps) {
      result.add(switch (step) {
        case Step.Run run -> run.with(new Step.Share.One(thread, run.share().asParts()));
        case Step.Barrier barrier -> barrier;
        case Step.Repeat(var counter, var count, var reverse, var body) ->
            new Step.Repeat(counter, count, reverse, by(thread, body));
        case Step.When(var flag, var then, var otherwise) ->
            new Step.When(flag, by(thread, then), by(thread, otherwise));
      });
    }
    return result;
  }

  private static Plan with(Plan plan, List<Step> steps, Dim work) {
    return new Plan(plan.name(), plan.signature().withWork(work), plan.buffers(), steps,
        plan.guard());
  }

  // ---- steps

  /// @param times how often the block is run
  private List<Step> block(List<Step> steps, Dim times) {
    List<Step> result = new ArrayList<>();
    for (Step step : steps) {
      switch (step) {
        case Step.Run run -> result.add(shared(run, result, times));
        case Step.Barrier _ -> barrier(result);
        case Step.Repeat repeat -> result.add(repeat(repeat, result, times));
        case Step.When when -> result.add(when(when, result, times));
      }
    }
    return result;
  }

  /// A loop in which nothing is shared is run by one thread, without barriers.
  private Step.Repeat repeat(Step.Repeat repeat, List<Step> before, Dim times) {
    Map<Buffer, Set<Access>> start = copy(open);
    int thread = nextThread;
    Dim outside = work;
    work = Dim.ZERO;
    open = new LinkedHashMap<>();
    List<Step> body = block(repeat.body(), times.times(repeat.count()));
    boolean shares = !work.is(0);
    work = work.plus(outside);
    Map<Buffer, Set<Access>> inside = open;
    open = start;
    nextThread = thread;
    if (shares) {
      barrier(before);
      open = inside;
      barrier(body);
      return new Step.Repeat(repeat.counter(), repeat.count(), repeat.reverse(), body);
    }
    Map<Buffer, List<Access>> touched = new LinkedHashMap<>();
    touches(repeat.body(), touched);
    return new Step.Repeat(repeat.counter(), repeat.count(), repeat.reverse(),
        by(oneFor(touched, true, before), repeat.body()));
  }

  private void barrier(List<Step> steps) {
    if (!open.isEmpty()) {
      steps.add(new Step.Barrier());
      open = new LinkedHashMap<>();
      nextThread = 0;
    }
  }

  private Step.Run shared(Step.Run run, List<Step> before, Dim times) {
    if (writesScratch(run)) {
      meetBefore(before, accesses(run));
      return run.with(new Step.Share.Each(run.share().asParts()));
    }
    if (run.share() instanceof Step.Share.Parts whole) {
      Step.Share.Parts parts = whole.with(least);
      Dim own = parts.work(run);
      boolean small = own.isConstant() && own.constant() < 2 * least;
      if (!small && !readsWhatItWrites(run)) {
        work = work.plus(times.times(own));
        meetBefore(before, accesses(run));
        return run.with(parts);
      }
    }
    return run.with(
        new Step.Share.One(oneFor(accesses(run), isLarge(run), before), run.share().asParts()));
  }

  /// Whether all that others read of it is scratch, so that each thread needs its own.
  private static boolean writesScratch(Step.Run run) {
    boolean writes = false;
    for (int i = 0; i < run.arguments().size(); i++) {
      ArrayParam.Access access = run.kernel().arrays().get(i).access();
      if (access == ArrayParam.Access.WRITE || access == ArrayParam.Access.UPDATE) {
        if (!run.arguments().get(i).buffer().slot().kind().isScratch()) {
          return false;
        }
        writes = true;
      }
    }
    return writes;
  }

  /// The thread that does something alone: the one that did what it depends on, else the next one if there is much to do.
  private int oneFor(Map<Buffer, List<Access>> touched, boolean large, List<Step> before) {
    Set<Integer> earlier = new LinkedHashSet<>();
    touched.forEach((buffer, list) -> {
      for (Access access : open.getOrDefault(buffer, Set.of())) {
        if (list.stream().anyMatch(access::mayMeet)) {
          earlier.add(access.thread());
        }
      }
    });
    int thread;
    if (earlier.size() == 1 && !earlier.contains(ALL)) {
      thread = earlier.iterator().next();
    } else {
      if (!earlier.isEmpty()) {
        barrier(before);
      }
      thread = large ? nextThread++ : 0;
    }
    Map<Buffer, List<Access>> own = new LinkedHashMap<>();
    touched.forEach(
        (buffer, list) -> own.put(buffer, list.stream().map(a -> a.by(thread)).toList()));
    note(before, own);
    return thread;
  }

  private Step.When when(Step.When when, List<Step> before, Dim times) {
    meetBefore(before, reads(when.flag()));
    Map<Buffer, Set<Access>> start = copy(open);
    List<Step> then = block(when.then(), times);
    Map<Buffer, Set<Access>> afterThen = open;
    open = start;
    List<Step> otherwise = block(when.otherwise(), times);
    afterThen.forEach(
        (buffer, list) -> open.computeIfAbsent(buffer, _ -> new LinkedHashSet<>()).addAll(list));
    return new Step.When(when.flag(), then, otherwise);
  }

  private static Map<Buffer, Set<Access>> copy(Map<Buffer, Set<Access>> map) {
    Map<Buffer, Set<Access>> copy = new LinkedHashMap<>();
    map.forEach((buffer, list) -> copy.put(buffer, new LinkedHashSet<>(list)));
    return copy;
  }

  /// For what all threads do: adds a barrier if what is touched since the last one forbids to go on without.
  private void meetBefore(List<Step> before, Map<Buffer, List<Access>> next) {
    boolean meets = next.entrySet().stream().anyMatch(entry -> open
        .getOrDefault(entry.getKey(), Set.of()).stream()
        .anyMatch(access -> entry.getValue().stream().anyMatch(access::mayMeet)));
    if (meets) {
      barrier(before);
    }
    note(before, next);
  }

  private void note(List<Step> before, Map<Buffer, List<Access>> next) {
    if (next.keySet().stream()
        .anyMatch(buffer -> open.getOrDefault(buffer, Set.of()).size() > MOST_ACCESSES)) {
      barrier(before);
    }
    next.forEach((buffer, list) -> open.computeIfAbsent(buffer, _ -> new LinkedHashSet<>())
        .addAll(list));
  }

  // ---- what steps touch

  private static Map<Buffer, List<Access>> reads(Step.Argument flag) {
    return Map.of(flag.buffer(), List.of(new Access(flag.offset(),
        flag.offset().plus(flag.length()), false, ALL)));
  }

  private static Map<Buffer, List<Access>> accesses(Step.Run run) {
    Map<Buffer, List<Access>> result = new LinkedHashMap<>();
    for (int i = 0; i < run.arguments().size(); i++) {
      Step.Argument argument = run.arguments().get(i);
      ArraySlot.Kind kind = argument.buffer().slot().kind();
      if (kind.isScratch() || kind == ArraySlot.Kind.CONSTANT) {
        continue;
      }
      ArrayParam param = run.kernel().arrays().get(i);
      boolean writes = param.access() != ArrayParam.Access.READ;
      result.computeIfAbsent(argument.buffer(), _ -> new ArrayList<>())
          .add(stretch(run, i, writes));
    }
    return result;
  }

  /// All that steps in a loop touch, whole arrays: offsets depend on counters.
  private static void touches(List<Step> steps, Map<Buffer, List<Access>> touched) {
    for (Step step : steps) {
      switch (step) {
        case Step.Run run -> accesses(run).forEach((buffer, list) -> list.forEach(
            access -> touched.computeIfAbsent(buffer, _ -> new ArrayList<>())
                .add(new Access(Dim.ZERO, buffer.slot().length(), access.writes(), ALL))));
        case Step.Barrier _ -> {
          // touches nothing
        }
        case Step.Repeat repeat -> touches(repeat.body(), touched);
        case Step.When when -> {
          Buffer flag = when.flag().buffer();
          touched.computeIfAbsent(flag, _ -> new ArrayList<>())
              .add(new Access(Dim.ZERO, flag.slot().length(), false, ALL));
          touches(when.then(), touched);
          touches(when.otherwise(), touched);
        }
      }
    }
  }

  /// Whether a part of the kernel could see what another part writes. (Whole arrays are used at one index by all.)
  private static boolean readsWhatItWrites(Step.Run run) {
    List<ArrayParam> arrays = run.kernel().arrays();
    for (int i = 0; i < arrays.size(); i++) {
      for (int j = 0; j < arrays.size(); j++) {
        boolean pair = arrays.get(i).access() == ArrayParam.Access.READ
            && arrays.get(j).access() == ArrayParam.Access.WRITE
            && !(arrays.get(i).whole() && arrays.get(j).whole());
        if (pair && run.arguments().get(i).buffer() == run.arguments().get(j).buffer()
            && stretch(run, i, false).mayMeet(stretch(run, j, true))) {
          return true;
        }
      }
    }
    return false;
  }

  private static Access stretch(Step.Run run, int index, boolean writes) {
    Step.Argument argument = run.arguments().get(index);
    if (run.share() instanceof Step.Share.Parts && run.kernel().arrays().get(index).whole()) {
      List<Dim> ints = run.ints();
      return new Access(ints.get(ints.size() - 2), ints.getLast(), writes, ALL);
    }
    return new Access(argument.offset(), argument.offset().plus(argument.length()), writes,
        ALL);
  }

  private static boolean isLarge(Step.Run run) {
    Dim elements = Dim.ZERO;
    for (Step.Argument argument : run.arguments()) {
      if (!argument.buffer().slot().kind().isScratch()) {
        elements = elements.plus(argument.length());
      }
    }
    return !elements.isConstant() || elements.constant() * ELEMENT > LARGE;
  }
}
