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

/// Decides which nodes share a kernel.
///
/// Nodes are taken in schedule order. Each joins the latest group among those of its operands, if it fits there;
/// otherwise it opens a new one. So a group reads only what groups of smaller order made, whatever was fused, and the
/// whole is linear in the number of nodes.
public final class Grouping {
  /// The most primitives of one kernel; keeps methods within what the JIT compiles.
  private static final int LIMIT = 250;
  /// Elements that threads should share, if each takes long.
  private static final int SHARED = 8192;

  private final PlanOptions options;
  private final Uses uses;
  private final Reading reading;
  private final KernelArrays arrays;
  private final Map<Node, Group> groups = new IdentityHashMap<>();
  private final List<Group> order = new ArrayList<>();
  /// Lane nodes that wait for a reader, with the weight of all that they bring along.
  private final Map<Node, Integer> waiting = new IdentityHashMap<>();
  private final Costs costs = new Costs();

  private Grouping(PlanOptions options, Uses uses) {
    this.options = options;
    this.uses = uses;
    this.reading = new Reading(uses, options);
    this.arrays = new KernelArrays(reading, uses);
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
        if (!RowOps.isRowGather(node) || !joinAsGather(node)) {
          open(Group.Kind.SINGLE, node, node.shape());
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
    Group latest = latest(List.of(node));
    boolean joined =
        latest != null && options.has(PlanPass.FUSE_REDUCTIONS) && latest.kind() == Group.Kind.ROWS
            && options.has(PlanPass.FUSE_ELEMENTWISE) && join(latest, List.of(node));
    if (!joined) {
      openOrReuseScalars(node);
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
    if (weight > LIMIT || arrays.areMany(tree(node))) {
      flush(node);
    } else if (!sinks) {
      List<Node> tree = tree(node);
      Group latest = latest(tree);
      if (latest != null && join(latest, tree)) {
        waiting.keySet().removeAll(tree);
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
    Group latest = latest(tree);
    if (latest == null || !join(latest, tree)) {
      openRows(tree);
    }
    waiting.keySet().removeAll(tree);
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

  private void openRows(List<Node> tree) {
    Group group = open(Group.Kind.ROWS, tree.getFirst(), tree.getLast().shape());
    tree.subList(1, tree.size()).forEach(node -> add(group, node));
    for (Node node : tree) {
      reading.views(node).forEach(view -> group.raise(view.low(group.domain().rank())));
      reading.parts().of(node).ifPresent(lodging -> group.raise(lodging.low(group.domain())));
    }
  }

  /// Scalars go to the last group of scalars if that is late enough.
  private void openOrReuseScalars(Node node) {
    if (options.has(PlanPass.FUSE_SCALARS) && !order.isEmpty()) {
      Group last = order.getLast();
      boolean readable =
          node.operands().stream().allMatch(o -> groupOf(o) != last || last.contains(o));
      if (last.kind() == Group.Kind.SCALARS && last.commits() == uses.commits(node)
          && last.weight() < LIMIT && !arrays.areMany(last, List.of(node)) && readable) {
        add(last, node);
        return;
      }
    }
    open(Group.Kind.SCALARS, node, Shape.SCALAR);
  }

  private void placeReduce(Node node) {
    if (options.has(PlanPass.FUSE_REDUCTIONS) && RowOps.isRowReduce(node) && joinAsReduce(node)) {
      return;
    }
    if (RowOps.isToScalar(node)) {
      openOrReuseScalars(node);
    } else if (RowOps.isRowReduce(node)) {
      open(Group.Kind.ROWS, node, node.operand(0).shape()).fix(node.shape().rank());
    } else if (RowOps.isColumnReduce(node) && options.has(PlanPass.ROW_CONTRACTIONS)
        && chunked(node).isEmpty()) {
          open(Group.Kind.COLUMNS, node, node.shape());
        } else {
          open(Group.Kind.SINGLE, node, node.shape());
        }
  }

  // ---- joining

  /// Adds nodes (in order, all of one shape) to a group, all or none.
  private boolean join(Group group, List<Node> tree) {
    int weight = 0;
    for (Node node : tree) {
      weight += costs.of(node);
    }
    if (group.weight() + weight > LIMIT || arrays.areMany(group, tree)) {
      return false;
    }
    Shape shape = tree.getLast().shape();
    return switch (group.kind()) {
      case ROWS -> shape.equals(group.domain()) && shape.rank() > 0 ? joinAsFull(tree, group)
          : joinAsOuter(tree, group);
      case CONTRACTION, COLUMNS ->
          options.has(PlanPass.FUSE_EPILOGUE) && shape.equals(group.domain())
              && joinAsFull(tree, group);
      case SCALARS, SINGLE, CONTROL -> false;
    };
  }

  private boolean joinAsFull(List<Node> tree, Group group) {
    int rank = group.domain().rank();
    int low = group.low();
    for (Node node : tree) {
      if (reading.parts().isPartOrLeadsTo(node) && group.kind() != Group.Kind.ROWS) {
        return false;
      }
      low = Math.max(low, reading.parts().of(node).map(l -> l.low(group.domain())).orElse(0));
      for (View view : reading.views(node)) {
        if (view.cut().isPresent() && group.kind() != Group.Kind.ROWS) {
          return false;
        }
        if (group.contains(view.base())) {
          boolean full = !group.isOuter(view.base()) && view.isIdentity(rank);
          boolean outer = group.isOuter(view.base()) && view.isPrefix(group.fixed());
          if (!full && !outer) {
            return false;
          }
        } else if (!tree.contains(view.base())) {
          if (groupOf(view.base()) == group) {
            return false;
          }
          low = Math.max(low, view.low(rank));
        }
      }
    }
    if (group.fixed() != Group.OPEN && low > group.fixed()) {
      return false;
    }
    group.raise(low);
    tree.forEach(node -> add(group, node));
    return true;
  }

  private boolean joinAsOuter(List<Node> tree, Group group) {
    Shape shape = tree.getLast().shape();
    int rank = shape.rank();
    if (!options.has(PlanPass.FUSE_REDUCTIONS) || group.fixed() != rank
        || rank >= group.domain().rank()
        || !shape.dims().equals(group.domain().dims().subList(0, rank))
        || tree.stream().anyMatch(node -> reading.parts().of(node).isPresent())) {
      return false;
    }
    for (Node node : tree) {
      for (View view : reading.views(node)) {
        boolean inside = group.contains(view.base());
        boolean outer = inside && group.isOuter(view.base()) && view.isPrefix(rank);
        if (inside && !outer
            || !inside && !tree.contains(view.base()) && groupOf(view.base()) == group) {
          return false;
        }
      }
    }
    tree.forEach(node -> add(group, node));
    return true;
  }

  /// (Threads cannot share what ends in one value: much that is elementwise stays apart from that.)
  private boolean joinAsReduce(Node node) {
    Group group = latest(List.of(node));
    View view = reading.view(node.operand(0));
    return group != null && group.contains(view.base()) && view.isIdentity(group.domain().rank())
        && !(node.type().isScalar() && options.has(PlanPass.SHARE_WORK)
            && group.isHeavy(SHARED))
        && joinAsRowNode(node, group);
  }

  private boolean joinAsGather(Node node) {
    Group group = latest(List.of(node));
    return options.has(PlanPass.FUSE_REDUCTIONS) && group != null && group.contains(node.operand(0))
        && joinAsRowNode(node, group);
  }

  /// Adds a node that makes one value of each row of its operand, a full node of the group.
  private boolean joinAsRowNode(Node node, Group group) {
    int split = node.shape().rank();
    boolean fits = group.kind() == Group.Kind.ROWS && node.operand(0).shape().equals(group.domain())
        && (group.fixed() == split || group.fixed() == Group.OPEN && group.low() <= split)
        && group.weight() + costs.of(node) <= LIMIT && !arrays.areMany(group, List.of(node));
    if (fits) {
      group.fix(split);
      add(group, node);
    }
    return fits;
  }

  /// The latest group that makes an operand of these nodes, if it runs in the same phase; otherwise null.
  private @org.jspecify.annotations.Nullable Group latest(List<Node> tree) {
    Group latest = null;
    for (Node node : tree) {
      for (Node operand : node.operands()) {
        Group group = groupOf(operand);
        if (group != null && (latest == null || group.order() > latest.order())) {
          latest = group;
        }
      }
    }
    return latest != null && latest.commits() == uses.commits(tree.getLast()) ? latest : null;
  }

  /// The group that makes what is read when `operand` is; null for ports and constants.
  private @org.jspecify.annotations.Nullable Group groupOf(Node operand) {
    Node base = operand;
    while (reading.isThrough(base)) {
      base = base.operand(0);
    }
    return groups.get(base);
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
