package io.kotangent.plan.lower;

import io.kotangent.plan.Buffer;
import io.kotangent.plan.Plan;
import io.kotangent.plan.Step;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.runtime.Signature;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Lets workspace arrays that are never in use at the same time be one; scratch arrays likewise. An array is in use from the first top-level
/// step that mentions it to the last.
final class ShareBuffers {
  private final Plan plan;
  private final int[] first;
  private final int[] last;
  private final List<ArraySlot> slots = new ArrayList<>();
  private final int[] slotOf;

  private ShareBuffers(Plan plan) {
    this.plan = plan;
    first = new int[plan.buffers().size()];
    last = new int[plan.buffers().size()];
    slotOf = new int[plan.buffers().size()];
    Arrays.fill(first, -1);
    Arrays.fill(last, -1);
  }

  /// @param places for each array of the plan before, that in which it lies now; none for those that nothing mentioned
  record Shared(Plan plan, Map<Buffer, Buffer> places) {
    /// Each in its own.
    static Shared apart(Plan plan) {
      Map<Buffer, Buffer> places = new LinkedHashMap<>();
      plan.buffers().forEach(buffer -> places.put(buffer, buffer));
      return new Shared(plan, places);
    }
  }

  static Shared apply(Plan plan) {
    return new ShareBuffers(plan).share();
  }

  /// For each array that a step mentions, from which step to which.
  static Map<Buffer, Planned.Use> uses(Plan plan) {
    ShareBuffers found = new ShareBuffers(plan);
    found.findUses();
    Map<Buffer, Planned.Use> uses = new LinkedHashMap<>();
    for (Buffer buffer : plan.buffers()) {
      if (found.first[buffer.index()] >= 0) {
        uses.put(buffer,
            new Planned.Use(found.first[buffer.index()], found.last[buffer.index()]));
      }
    }
    return uses;
  }

  private void findUses() {
    for (int i = 0; i < plan.steps().size(); i++) {
      int at = i;
      mentions(plan.steps().get(i), (buffer, _) -> use(buffer, at));
    }
    plan.guard().ifPresent(flag -> use(flag.buffer(), plan.steps().size()));
  }

  private Shared share() {
    findUses();
    List<Buffer> workspace = new ArrayList<>();
    for (Buffer buffer : plan.buffers()) {
      if (!isOwn(buffer.slot().kind())) {
        slotOf[buffer.index()] = slots.size();
        slots.add(buffer.slot());
      } else if (first[buffer.index()] >= 0) {
        workspace.add(buffer);
      }
    }
    workspace.sort((a, b) -> Integer.compare(first[a.index()], first[b.index()]));
    assign(workspace);
    return rebuilt();
  }

  private static boolean isOwn(ArraySlot.Kind kind) {
    return switch (kind) {
      case WORKSPACE, SCRATCH, ALIGNED -> true;
      case INPUT, STATE, RESULT, CONSTANT, CHOICES -> false;
    };
  }

  private void use(Buffer buffer, int step) {
    int index = buffer.index();
    first[index] = first[index] < 0 ? step : Math.min(first[index], step);
    last[index] = Math.max(last[index], step);
  }

  private static void mentions(Step step, BiConsumer<Buffer, Boolean> visit) {
    switch (step) {
      case Step.Run run -> run.arguments().forEach(a -> visit.accept(a.buffer(), true));
      case Step.Barrier _ -> {
        // mentions nothing
      }
      case Step.Repeat repeat -> repeat.body().forEach(s -> mentions(s, visit));
      case Step.When when -> {
        visit.accept(when.flag().buffer(), false);
        when.then().forEach(s -> mentions(s, visit));
        when.otherwise().forEach(s -> mentions(s, visit));
      }
    }
  }

  /// What arrays may take each other's place: of one kind and dtype, and lengths that are constants or the same size.
  private record Kind(ArraySlot.Kind kind, DType dtype, Optional<Dim> symbolic) {
    static Kind of(ArraySlot slot) {
      return new Kind(slot.kind(), slot.dtype(),
          slot.length().isConstant() ? Optional.empty() : Optional.of(slot.length()));
    }
  }

  /// The arrays of one kind: what is in use, by the step after which it is free, and what is free, by length.
  private static final class Pool {
    private final PriorityQueue<Taken> taken =
        new PriorityQueue<>(Comparator.comparingInt(Taken::last));
    private final NavigableMap<Long, SortedSet<Integer>> free = new TreeMap<>();

    private record Taken(int slot, long length, int last) {
    }

    void take(int slot, long length, int last) {
      taken.add(new Taken(slot, length, last));
    }

    /// Takes out the array that is nearest in length among those that are free at a step; of several the oldest.
    ///
    /// @param first no earlier than any step that was asked for before
    OptionalInt free(int first, long wanted) {
      while (!taken.isEmpty() && taken.peek().last() < first) {
        Taken done = taken.remove();
        free.computeIfAbsent(done.length(), _ -> new TreeSet<>()).add(done.slot());
      }
      Map.Entry<Long, SortedSet<Integer>> best = nearest(wanted);
      if (best == null) {
        return OptionalInt.empty();
      }
      int slot = best.getValue().removeFirst();
      if (best.getValue().isEmpty()) {
        free.remove(best.getKey());
      }
      return OptionalInt.of(slot);
    }

    private Map.@Nullable Entry<Long, SortedSet<Integer>> nearest(long wanted) {
      Map.Entry<Long, SortedSet<Integer>> below = free.floorEntry(wanted);
      Map.Entry<Long, SortedSet<Integer>> above = free.ceilingEntry(wanted);
      if (below == null || above == null) {
        return below == null ? above : below;
      }
      long less = wanted - below.getKey();
      long more = above.getKey() - wanted;
      return less < more || less == more && below.getValue().first() < above.getValue().first()
          ? below : above;
    }
  }

  private void assign(List<Buffer> workspace) {
    Map<Kind, Pool> pools = new HashMap<>();
    for (Buffer buffer : workspace) {
      ArraySlot wanted = buffer.slot();
      Pool pool = pools.computeIfAbsent(Kind.of(wanted), _ -> new Pool());
      OptionalInt free = pool.free(first[buffer.index()], size(wanted));
      int slot = free.orElse(slots.size());
      if (free.isPresent()) {
        grow(slot, wanted.length());
      } else {
        String name = (wanted.kind().isScratch() ? "s" : "w") + slot;
        slots.add(new ArraySlot(name, wanted.dtype(), wanted.length(), wanted.kind()));
      }
      pool.take(slot, size(slots.get(slot)), last[buffer.index()]);
      slotOf[buffer.index()] = slot;
    }
  }

  /// Its length among arrays of its kind; symbolic ones are all as long.
  private static long size(ArraySlot slot) {
    return slot.length().isConstant() ? slot.length().constant() : 0;
  }

  private void grow(int slot, Dim length) {
    ArraySlot old = slots.get(slot);
    if (length.isConstant() && length.constant() > old.length().constant()) {
      slots.set(slot, new ArraySlot(old.name(), old.dtype(), length, old.kind()));
    }
  }

  private Shared rebuilt() {
    List<Buffer> buffers = new ArrayList<>();
    for (ArraySlot slot : slots) {
      buffers.add(new Buffer(buffers.size(), slot));
    }
    Signature signature = plan.signature().withArrays(slots);
    List<Step> steps = plan.steps().stream().map(step -> moved(step, buffers)).toList();
    Map<Buffer, Buffer> places = new LinkedHashMap<>();
    for (Buffer buffer : plan.buffers()) {
      if (!isOwn(buffer.slot().kind()) || first[buffer.index()] >= 0) {
        places.put(buffer, buffers.get(slotOf[buffer.index()]));
      }
    }
    return new Shared(new Plan(plan.name(), signature, buffers, steps,
        plan.guard().map(flag -> moved(flag, buffers))), places);
  }

  private Step moved(Step step, List<Buffer> buffers) {
    return switch (step) {
      case Step.Run run -> new Step.Run(run.name(), run.kernel(),
          run.arguments().stream().map(a -> moved(a, buffers)).toList(), run.ints(), run.nodes(),
          run.share());
      case Step.Barrier barrier -> barrier;
      case Step.Repeat repeat -> new Step.Repeat(repeat.counter(), repeat.count(), repeat.reverse(),
          repeat.body().stream().map(s -> moved(s, buffers)).toList());
      case Step.When when -> new Step.When(moved(when.flag(), buffers),
          when.then().stream().map(s -> moved(s, buffers)).toList(),
          when.otherwise().stream().map(s -> moved(s, buffers)).toList());
    };
  }

  private Step.Argument moved(Step.Argument argument, List<Buffer> buffers) {
    return new Step.Argument(buffers.get(slotOf[argument.buffer().index()]), argument.offset(),
        argument.length());
  }
}
