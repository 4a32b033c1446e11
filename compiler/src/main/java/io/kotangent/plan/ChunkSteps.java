package io.kotangent.plan;

import io.kotangent.ir.Node;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The steps of sums whose chunks threads share. The totals of chunks are joined when one of the sums is needed, all that are
/// waiting together: there is a barrier before that.
final class ChunkSteps {
  private final Region region;
  private final Grouping grouping;
  private final Storage storage;
  private final PlanOptions options;
  private final Map<Nest.Held, Step.Argument> totals = new LinkedHashMap<>();
  private final Map<Node, Runnable> waiting = new LinkedHashMap<>();

  ChunkSteps(Region region, Grouping grouping, Storage storage, PlanOptions options) {
    this.region = region;
    this.grouping = grouping;
    this.storage = storage;
    this.options = options;
  }

  /// Where the totals of chunks are.
  Optional<Step.Argument> totals(Nest.Held held) {
    return Optional.ofNullable(totals.get(held));
  }

  private void keep(Nest.Held held, DType dtype, Dim length) {
    totals.put(held, new Step.Argument(
        storage.buffer("totals", dtype, length, ArraySlot.Kind.WORKSPACE), Dim.ZERO, length));
  }

  /// The totals of chunks: plain loops and, where there may be, SIMD code.
  void add(Node node, ChunkedSum sum) {
    keep(sum.held(), node.dtype(), sum.totals());
    Optional<Nest> lanes = options.vectorBits() > 0 && storage.mayChoose()
        ? sum.lanes(options.vectorBits()) : Optional.empty();
    Nest plain = sum.plain();
    if (lanes.isEmpty()) {
      step("chunks", plain, node);
    } else {
      region.add(new Step.When(storage.choice(),
          region.aside(() -> step("chunks", lanes.get(), node)),
          region.aside(() -> step("chunks", plain, node))));
    }
    waiting.put(node, () -> step("join", sum.join(), node));
  }

  /// Begins the checks of many values that a group of scalars ends.
  Set<Node> checks(Group group) {
    Set<Node> begun = Collections.newSetFromMap(new IdentityHashMap<>());
    if (!options.has(PlanPass.CHUNK_TOTALS) || group.outputs().isEmpty()) {
      return begun;
    }
    for (Node node : group.nodes()) {
      if (ScalarsNest.isLargeCheck(node, grouping)) {
        keep(ScalarsNest.heldZeros(node), node.operand(0).operand(0).dtype(),
            ScalarsNest.zeros(node));
        step("check", ScalarsNest.beginning(node), node);
        begun.add(node);
      }
    }
    return begun;
  }

  private void step(String name, Nest nest, Node node) {
    region.step(name, nest, region.argumentsOf(nest), List.of(node));
  }

  /// Joins what waits if a group reads some of it.
  void before(Group group) {
    if (!waiting.isEmpty() && group.nodes().stream().anyMatch(this::readsWhatWaits)) {
      join();
    }
  }

  void join() {
    waiting.values().forEach(Runnable::run);
    waiting.clear();
  }

  private boolean readsWhatWaits(Node node) {
    for (Node operand : node.operands()) {
      Node base = operand;
      while (!waiting.containsKey(base) && grouping.makerOf(base).isEmpty()
          && grouping.reading().isThrough(base)) {
        base = base.operand(0);
      }
      if (waiting.containsKey(base)) {
        return true;
      }
    }
    return false;
  }
}
