package io.kotangent.plan.lower;

import io.kotangent.ir.Node;
import io.kotangent.plan.Place;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPass;
import io.kotangent.plan.Step;
import io.kotangent.plan.form.ChunkForm;
import io.kotangent.plan.group.Group;
import io.kotangent.plan.group.Grouping;
import io.kotangent.plan.group.Reading;
import io.kotangent.plan.nest.Nest;
import io.kotangent.plan.rows.ScalarsNest;
import io.kotangent.plan.sum.ChunkedSum;
import io.kotangent.plan.sum.RowChunks;
import io.kotangent.runtime.ArraySlot;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The steps of sums whose chunks threads share. The totals of chunks are joined when one of the sums is needed, all that are
/// waiting together: there is a barrier before that.
final class ChunkSteps {
  /// Items of what else is held of a check: what its beginning leaves, and the values of several.
  private static final int LEFT = 1;
  private static final int NEIGHBORS = 2;

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

  /// The totals of chunks: plain loops and, where there may be, SIMD code or sums in aligned memory.
  void add(Node node, ChunkForm form) {
    ChunkedSum sum = new ChunkedSum(form);
    keep(sum.held(), node.dtype(), form.totals());
    Optional<Nest> lanes = !storage.mayChoose(1) ? Optional.empty()
        : options.vectorBits() > 0 ? sum.lanes(options.vectorBits())
            : options.aligned() ? sum.aligned() : Optional.empty();
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

  /// The totals of chunks of a few rows, and the rows joined of them.
  void addNow(Node node, RowChunks rows) {
    keep(rows.held(), node.dtype(), rows.totals());
    step("chunks", rows.sums(), node);
    step("join", rows.join(), node);
  }

  /// What the checks of a group of scalars look at, and the beginning of those that threads share.
  Map<Node, List<ScalarsNest.Checked>> checks(Group group) {
    Map<Node, List<ScalarsNest.Checked>> all = new IdentityHashMap<>();
    for (List<Node> together : ScalarsNest.checks(group, grouping)) {
      List<ScalarsNest.Checked> checked = new ArrayList<>();
      for (List<Node> run : neighbors(together)) {
        ScalarsNest.Checked values = checked(run);
        boolean shared = options.has(PlanPass.CHUNK_TOTALS) && !group.outputs().isEmpty();
        checked.add(shared && values.isLarge() ? begun(run, values) : values);
      }
      together.forEach(check -> all.put(check, List.of()));
      all.put(together.getLast(), checked);
    }
    return all;
  }

  private ScalarsNest.Checked begun(List<Node> run, ScalarsNest.Checked values) {
    ScalarsNest.Checked zeros = values.begun(new Nest.Held(run.getFirst(), LEFT));
    keep(zeros.held(), zeros.dtype(), zeros.length());
    Nest nest = ScalarsNest.beginning(values, zeros);
    region.step("check", nest, region.argumentsOf(nest), run);
    return zeros;
  }

  /// The values of neighbors are looked at as one array.
  private ScalarsNest.Checked checked(List<Node> run) {
    Node first = value(run.getFirst());
    Nest.Held held = new Nest.Held(first, 0);
    Dim length = Dim.ZERO;
    for (Node check : run) {
      length = length.plus(check.operand(0).shape().size());
    }
    if (run.size() > 1) {
      held = new Nest.Held(run.getFirst(), NEIGHBORS);
      totals.put(held, region.placeOf(first).argument(length));
    }
    return new ScalarsNest.Checked(held, first.dtype(),
        Reading.limitOf(run.getFirst().operand(0)).orElse(Double.POSITIVE_INFINITY), length);
  }

  /// By where they lie. (Comparators made of others take five milliseconds in a cold start.)
  private int compare(Node one, Node other) {
    int buffers =
        Integer.compare(place(one).buffer().index(), place(other).buffer().index());
    return buffers != 0 ? buffers
        : Long.compare(constant(place(one).offset()), constant(place(other).offset()));
  }

  /// Checks of what lies next to each other, such as the gradients of all parameters.
  private List<List<Node>> neighbors(List<Node> checks) {
    List<List<Node>> runs = new ArrayList<>();
    List<Node> sorted = new ArrayList<>(checks);
    if (options.has(PlanPass.JOIN_NEIGHBORS)) {
      sorted.sort(this::compare);
    }
    for (Node check : sorted) {
      if (!runs.isEmpty() && follows(runs.getLast().getLast(), check)) {
        runs.getLast().add(check);
      } else {
        runs.add(new ArrayList<>(List.of(check)));
      }
    }
    return runs;
  }

  private boolean follows(Node check, Node next) {
    Dim end = place(check).offset().plus(check.operand(0).shape().size());
    return options.has(PlanPass.JOIN_NEIGHBORS)
        && place(check).buffer().equals(place(next).buffer()) && place(next).offset().equals(end);
  }

  private static Node value(Node check) {
    return Reading.checked(check.operand(0));
  }

  private Place place(Node check) {
    return region.placeOf(value(check));
  }

  private static long constant(Dim offset) {
    return offset.isConstant() ? offset.constant() : Long.MAX_VALUE;
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
