package io.kotangent.plan;

import io.kotangent.ir.Node;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.type.Dim;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The steps of sums whose chunks threads share. The totals of chunks are joined when one of the sums is needed, all that are
/// waiting together: there is a barrier before that.
final class ChunkSteps {
  private final Region region;
  private final Grouping grouping;
  private final Storage storage;
  private final PlanOptions options;
  private final Map<Node, Runnable> waiting = new LinkedHashMap<>();

  ChunkSteps(Region region, Grouping grouping, Storage storage, PlanOptions options) {
    this.region = region;
    this.grouping = grouping;
    this.storage = storage;
    this.options = options;
  }

  /// The totals of chunks: plain loops and, where there may be, SIMD code.
  void add(Node node, ChunkedSum sum) {
    Place totals = new Place(storage.buffer("totals", node.dtype(), sum.totals(),
        ArraySlot.Kind.WORKSPACE), Dim.ZERO);
    Optional<Nest> lanes = options.vectorBits() > 0 && storage.mayChoose()
        ? sum.lanes(options.vectorBits()) : Optional.empty();
    Nest plain = sum.plain();
    if (lanes.isEmpty()) {
      step("chunks", plain, node, sum, totals);
    } else {
      region.add(new Step.When(storage.choice(),
          region.aside(() -> step("chunks", lanes.get(), node, sum, totals)),
          region.aside(() -> step("chunks", plain, node, sum, totals))));
    }
    waiting.put(node, () -> step("join", sum.join(), node, sum, totals));
  }

  private void step(String name, Nest nest, Node node, ChunkedSum sum, Place totals) {
    List<Step.Argument> arguments = nest.values().stream()
        .map(held -> held.equals(sum.held()) ? totals.argument(sum.totals())
            : region.placeOf(held.node()).argument(held.node().shape().size()))
        .toList();
    region.step(name, nest, arguments, List.of(node));
  }

  /// Joins what waits if a group reads some of it.
  void before(Group group) {
    if (waiting.keySet().stream().anyMatch(sum -> reads(group, sum))) {
      join();
    }
  }

  void join() {
    waiting.values().forEach(Runnable::run);
    waiting.clear();
  }

  private boolean reads(Group group, Node value) {
    for (Node node : group.nodes()) {
      for (Node operand : node.operands()) {
        Node base = operand;
        while (base != value && grouping.makerOf(base).isEmpty()
            && grouping.reading().isThrough(base)) {
          base = base.operand(0);
        }
        if (base == value) {
          return true;
        }
      }
    }
    return false;
  }
}
