package io.kotangent.plan.group;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPass;
import io.kotangent.plan.form.ChunkForm;
import io.kotangent.plan.form.RowForm;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Decides which nodes share a kernel.
///
/// Nodes are taken in schedule order. Each joins the latest group among those of its operands, if it fits there;
/// otherwise it opens a new one. So a group reads only what groups of smaller order made, whatever was fused, and the
/// whole is linear in the number of nodes.
public final class Grouping {
  private final PlanOptions options;
  private final Uses uses;
  private final Reading reading;
  private final KernelArrays arrays;
  private final Map<Node, Group> groups = new IdentityHashMap<>();
  private final List<Group> order = new ArrayList<>();
  /// Lane nodes that wait for a reader, with the weight of all that they bring along.
  private final Map<Node, Integer> waiting = new IdentityHashMap<>();
  private final Costs costs = new Costs();
  private final Joining joining;

  private Grouping(PlanOptions options, Uses uses) {
    this.options = options;
    this.uses = uses;
    this.reading = new Reading(uses, options);
    this.arrays = new KernelArrays(reading, uses);
    this.joining = new Joining(options, reading, arrays, costs, this::groupOf);
  }

  public static Grouping of(Uses uses, PlanOptions options) {
    Grouping grouping = new Grouping(options, uses);
    for (boolean commits : new boolean[] {false, true}) {
      for (Node node : uses.schedule()) {
        if (uses.commits(node) == commits && !grouping.reading.isStored(node)
            && !grouping.reading.isVirtual(node)) {
          grouping.place(node);
        }
      }
      uses.graph().roots().forEach(grouping::flush);
    }
    Outputs.mark(grouping, uses.roots());
    return grouping;
  }

  /// Whether `SplitRows` acts.
  public boolean splitsRows() {
    return options.has(PlanPass.SPLIT_ROWS);
  }

  /// A sum whose chunks are to be shared by threads.
  public Optional<ChunkForm> chunked(Node node) {
    return options.has(PlanPass.CHUNK_TOTALS) ? ChunkForm.of(node) : Optional.empty();
  }

  public Reading reading() {
    return reading;
  }

  public Uses uses() {
    return uses;
  }

  /// All groups in order.
  public List<Group> groups() {
    return order;
  }

  /// The group that computes a node.
  public Optional<Group> makerOf(Node node) {
    return Optional.ofNullable(groups.get(node));
  }

  // ---- placing

  private void place(Node node) {
    if (RowOps.isLane(node) && !node.type().isScalar()) {
      placeLane(node);
      return;
    }
    node.operands().forEach(this::flush);
    switch (node.op()) {
      case Op.Iota _, Op.Size _, Op.Lane _, Op.Broadcast _ -> placeScalar(node);
      case Op.Reduce _ -> placeReduce(node);
      case Op.Sum _ -> {
        boolean rows = options.has(PlanPass.ROW_CONTRACTIONS) && chunked(node).isEmpty()
            && RowForm.of(node).filter(RowForm::pays).isPresent();
        open(rows ? Group.Kind.CONTRACTION : Group.Kind.SINGLE, node, node.shape());
      }
      case Op.Gather _ -> {
        Attempt attempt = attempt(List.of(node), latest -> joinAsGather(latest, node));
        if (!attempt.joined()) {
          open(Group.Kind.SINGLE, node, node.shape()).keptApart(attempt.apart());
        }
      }
      case Op.Control _ -> open(Group.Kind.CONTROL, node, Shape.SCALAR);
      case Op.Sort _ -> open(Group.Kind.SINGLE, node, Shape.SCALAR);
      case Op.Input _, Op.Constant _, Op.Reshape _, Op.Item _ -> {
        // stored elsewhere
      }
      case Op.Random _, Op.Layout _, Op.Scatter _ ->
          open(Group.Kind.SINGLE, node, node.shape());
    }
  }

  private void placeScalar(Node node) {
    Attempt attempt = attempt(List.of(node),
        latest -> !options.has(PlanPass.FUSE_REDUCTIONS) || !options.has(PlanPass.FUSE_ELEMENTWISE)
            ? Optional.of(Apart.of(latest, Apart.Reason.PASS_SKIPPED))
            : latest.kind() == Group.Kind.ROWS ? join(latest, List.of(node))
                : Optional.of(Apart.of(latest, Apart.Reason.OWN_LOOPS)));
    if (!attempt.joined()) {
      openOrReuseScalars(node, attempt.apart());
    }
  }

  /// A lane node waits until something needs it: it may then go where its reader is, with all that waits for the same.
  private void placeLane(Node node) {
    if (!options.has(PlanPass.FUSE_ELEMENTWISE)) {
      openRows(List.of(node));
      return;
    }
    int weight = costs.of(node);
    if (node.op() instanceof Op.Broadcast) {
      flush(node.operand(0));
    }
    for (Node operand : node.operands()) {
      Node base = reading.view(operand).base();
      if (waiting.containsKey(base) && base != operand) {
        flush(base);
      } else if (!waiting.containsKey(base)) {
        flush(operand);
      }
      weight += waiting.getOrDefault(base, 0);
    }
    waiting.put(node, weight);
    List<Node> readers = uses.of(node);
    boolean sinks = readers.size() == 1 && !uses.isRoot(node) && RowOps.isLane(readers.getFirst())
        && !(readers.getFirst().op() instanceof Op.Broadcast)
        && uses.commits(readers.getFirst()) == uses.commits(node);
    if (weight > Joining.LIMIT || arrays.areMany(tree(node))) {
      flush(node);
    } else if (!sinks) {
      List<Node> tree = tree(node);
      if (attempt(tree, latest -> join(latest, tree)).joined()) {
        tree.forEach(waiting::remove);
      }
    }
  }

  /// Places what waits to be read by `operand`.
  private void flush(Node operand) {
    Node base = operand;
    while (!waiting.containsKey(base)) {
      if (!reading.isThrough(base)) {
        return;
      }
      base = base.operand(0);
    }
    List<Node> tree = tree(base);
    Attempt attempt = attempt(tree, latest -> join(latest, tree));
    if (!attempt.joined()) {
      openRows(tree).keptApart(attempt.apart());
    }
    tree.forEach(waiting::remove);
  }

  /// A waiting node and the waiting nodes it reads, operands first.
  private List<Node> tree(Node root) {
    List<Node> order = new ArrayList<>();
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    java.util.Deque<Node> stack = new java.util.ArrayDeque<>(List.of(root));
    while (!stack.isEmpty()) {
      Node node = stack.pop();
      if (waiting.containsKey(node) && seen.add(node)) {
        order.add(node);
        node.operands().forEach(stack::push);
      }
    }
    order.sort((a, b) -> Integer.compare(uses.position(a), uses.position(b)));
    return order;
  }

  private Group openRows(List<Node> tree) {
    Group group = open(Group.Kind.ROWS, tree.getFirst(), tree.getLast().shape());
    tree.subList(1, tree.size()).forEach(node -> add(group, node));
    for (Node node : tree) {
      reading.views(node).forEach(view -> group.raise(view.low(group.domain().rank())));
      reading.parts().of(node).ifPresent(lodging -> group.raise(lodging.low(group.domain())));
    }
    return group;
  }

  /// Scalars go to the last group of scalars if that is late enough.
  private void openOrReuseScalars(Node node, Optional<Apart> apart) {
    if (options.has(PlanPass.FUSE_SCALARS) && !order.isEmpty()) {
      Group last = order.getLast();
      boolean readable =
          node.operands().stream()
              .allMatch(o -> groupOf(o).filter(last::equals).isEmpty() || last.contains(o));
      if (last.kind() == Group.Kind.SCALARS && last.commits() == uses.commits(node)
          && last.weight() < Joining.LIMIT && !arrays.areMany(last, List.of(node)) && readable) {
        add(last, node);
        return;
      }
    }
    open(Group.Kind.SCALARS, node, Shape.SCALAR).keptApart(apart);
  }

  private void placeReduce(Node node) {
    Attempt attempt = attempt(List.of(node), latest -> joinAsReduce(latest, node));
    if (attempt.joined()) {
      return;
    }
    if (RowOps.isToScalar(node)) {
      openOrReuseScalars(node, attempt.apart());
    } else if (RowOps.isRowReduce(node)) {
      Group group = open(Group.Kind.ROWS, node, node.operand(0).shape());
      group.fix(node.shape().rank());
      group.keptApart(attempt.apart());
    } else if (RowOps.isColumnReduce(node) && options.has(PlanPass.ROW_CONTRACTIONS)
        && chunked(node).isEmpty()) {
          open(Group.Kind.COLUMNS, node, node.shape());
        } else {
          open(Group.Kind.SINGLE, node, node.shape());
        }
  }

  // ---- joining

  /// Adds elementwise nodes (in order, all of one shape) to a group, all or none; says what keeps them out.
  private Optional<Apart> join(Group group, List<Node> tree) {
    Optional<Apart> apart = joining.elementwise(group, tree);
    if (apart.isEmpty()) {
      if (tree.getLast().shape().equals(group.domain())) {
        group.raise(joining.low(group, tree));
      }
      tree.forEach(node -> add(group, node));
    }
    return apart;
  }

  private Optional<Apart> joinAsReduce(Group group, Node node) {
    if (!options.has(PlanPass.FUSE_REDUCTIONS)) {
      return Optional.of(Apart.of(group, Apart.Reason.PASS_SKIPPED));
    }
    return RowOps.isRowReduce(node) ? joinAsRowNode(group, node, joining.reduce(group, node))
        : Optional.of(Apart.of(group, Apart.Reason.PLACES));
  }

  private Optional<Apart> joinAsGather(Group group, Node node) {
    return RowOps.isRowGather(node) ? joinAsRowNode(group, node, joining.gather(group, node))
        : Optional.of(Apart.of(group, Apart.Reason.PLACES));
  }

  /// Adds a node that makes one value of each row, if nothing keeps it out.
  private Optional<Apart> joinAsRowNode(Group group, Node node, Optional<Apart> apart) {
    if (apart.isEmpty()) {
      group.fix(node.shape().rank());
      add(group, node);
    }
    return apart;
  }

  /// An attempt to join the latest group that makes an operand.
  ///
  /// @param apart what kept nodes out, if there is such a group
  private record Attempt(boolean joined, Optional<Apart> apart) {
  }

  private Attempt attempt(List<Node> tree, Function<Group, Optional<Apart>> join) {
    Optional<Group> latest = latest(tree);
    if (latest.isEmpty()) {
      return new Attempt(false, Optional.empty());
    }
    Optional<Apart> apart = latest.get().commits() == uses.commits(tree.getLast())
        ? join.apply(latest.get()) : Optional.of(Apart.of(latest.get(), Apart.Reason.PHASE));
    return new Attempt(apart.isEmpty(), apart);
  }

  /// The latest group that makes an operand of these nodes.
  private Optional<Group> latest(List<Node> tree) {
    Optional<Group> latest = Optional.empty();
    for (Node node : tree) {
      for (Node operand : node.operands()) {
        Optional<Group> group = groupOf(operand);
        if (group.isPresent()
            && (latest.isEmpty() || group.get().order() > latest.get().order())) {
          latest = group;
        }
      }
    }
    return latest;
  }

  /// The group that makes what is read when `operand` is; none for ports and constants.
  private Optional<Group> groupOf(Node operand) {
    Node base = operand;
    while (reading.isThrough(base)) {
      base = base.operand(0);
    }
    return Optional.ofNullable(groups.get(base));
  }

  private Group open(Group.Kind kind, Node node, Shape domain) {
    Group group = new Group(order.size(), kind, uses.commits(node), domain);
    order.add(group);
    add(group, node);
    return group;
  }

  private void add(Group group, Node node) {
    group.add(node, costs.of(node));
    groups.put(node, group);
  }
}
