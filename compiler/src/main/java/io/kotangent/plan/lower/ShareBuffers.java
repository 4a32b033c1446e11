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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

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

  private Shared share() {
    for (int i = 0; i < plan.steps().size(); i++) {
      int at = i;
      mentions(plan.steps().get(i), (buffer, _) -> use(buffer, at));
    }
    plan.guard().ifPresent(flag -> use(flag.buffer(), plan.steps().size()));
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

  private void assign(List<Buffer> workspace) {
    Map<Kind, List<int[]>> pools = new HashMap<>();
    for (Buffer buffer : workspace) {
      List<int[]> pool = pools.computeIfAbsent(Kind.of(buffer.slot()), _ -> new ArrayList<>());
      int[] best = null;
      for (int[] candidate : pool) {
        if (candidate[1] < first[buffer.index()]
            && (best == null || isBetter(candidate, best, buffer))) {
          best = candidate;
        }
      }
      if (best == null) {
        best = new int[] {slots.size(), 0};
        pool.add(best);
        ArraySlot slot = buffer.slot();
        String name = (slot.kind().isScratch() ? "s" : "w") + slots.size();
        slots.add(new ArraySlot(name, slot.dtype(), slot.length(), slot.kind()));
      } else {
        grow(best[0], buffer.slot().length());
      }
      best[1] = last[buffer.index()];
      slotOf[buffer.index()] = best[0];
    }
  }

  private boolean isBetter(int[] candidate, int[] best, Buffer buffer) {
    if (!buffer.slot().length().isConstant()) {
      return false;
    }
    long wanted = buffer.slot().length().constant();
    long a = Math.abs(slots.get(candidate[0]).length().constant() - wanted);
    return a < Math.abs(slots.get(best[0]).length().constant() - wanted);
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
