package io.kotangent.plan.group;

import io.kotangent.ir.Node;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPass;
import io.kotangent.type.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What keeps nodes out of a group.
final class Joining {
  /// The most primitives of one kernel; keeps methods within what the JIT compiles.
  static final int LIMIT = 250;
  /// Elements that threads should share, if each takes long.
  private static final int SHARED = 8192;

  private final PlanOptions options;
  private final Reading reading;
  private final KernelArrays arrays;
  private final Costs costs;
  private final Function<Node, Optional<Group>> makers;

  /// @param makers the group that makes what is read when a node is
  Joining(PlanOptions options, Reading reading, KernelArrays arrays, Costs costs,
      Function<Node, Optional<Group>> makers) {
    this.options = options;
    this.reading = reading;
    this.arrays = arrays;
    this.costs = costs;
    this.makers = makers;
  }

  /// What keeps elementwise nodes (in order, all of one shape) out of a group; nothing if they may join it.
  Optional<Apart> elementwise(Group group, List<Node> tree) {
    Optional<Apart> size = size(group, tree);
    if (size.isPresent()) {
      return size;
    }
    Shape shape = tree.getLast().shape();
    return switch (group.kind()) {
      case ROWS -> shape.equals(group.domain()) && shape.rank() > 0 ? full(group, tree)
          : outer(group, tree);
      case CONTRACTION, COLUMNS -> !options.has(PlanPass.FUSE_EPILOGUE)
          ? apart(group, Apart.Reason.PASS_SKIPPED)
          : shape.equals(group.domain()) ? full(group, tree) : apart(group, Apart.Reason.DOMAIN);
      case SCALARS, SINGLE, CONTROL -> apart(group, Apart.Reason.OWN_LOOPS);
    };
  }

  private static Optional<Apart> apart(Group group, Apart.Reason reason) {
    return Optional.of(Apart.of(group, reason));
  }

  private Optional<Apart> size(Group group, List<Node> tree) {
    int weight = group.weight();
    for (Node node : tree) {
      weight += costs.of(node);
    }
    if (weight > LIMIT) {
      return Optional.of(new Apart(group, Apart.Reason.PRIMITIVES, weight, LIMIT));
    }
    return arrays.areMany(group, tree) ? Optional.of(
        new Apart(group, Apart.Reason.ARRAYS, arrays.count(group, tree), KernelArrays.MOST))
        : Optional.empty();
  }

  private Optional<Apart> full(Group group, List<Node> tree) {
    boolean rows = group.kind() == Group.Kind.ROWS;
    int rank = group.domain().rank();
    for (Node node : tree) {
      if (!rows && reading.parts().isPartOrLeadsTo(node)) {
        return apart(group, Apart.Reason.CUT);
      }
      for (View view : reading.views(node)) {
        if (!rows && view.cut().isPresent()) {
          return apart(group, Apart.Reason.CUT);
        }
        boolean full = group.contains(view.base()) && !group.isOuter(view.base())
            && view.isIdentity(rank);
        boolean outer = group.contains(view.base()) && group.isOuter(view.base())
            && view.isPrefix(group.fixed());
        if (isOf(group, view, tree) && !full && !outer) {
          return apart(group, Apart.Reason.PLACES);
        }
      }
    }
    int low = low(group, tree);
    return group.fixed() != Group.OPEN && low > group.fixed()
        ? Optional.of(new Apart(group, Apart.Reason.ROWS, low, group.fixed())) : Optional.empty();
  }

  /// Whether a view that nodes have is of what a group makes, and not of one of them.
  private boolean isOf(Group group, View view, List<Node> tree) {
    return group.contains(view.base()) || !tree.contains(view.base())
        && makers.apply(view.base()).filter(maker -> maker == group).isPresent();
  }

  /// The first axis that a row can begin with once full nodes have joined.
  int low(Group group, List<Node> tree) {
    int low = group.low();
    for (Node node : tree) {
      low = Math.max(low, reading.parts().of(node).map(l -> l.low(group.domain())).orElse(0));
      for (View view : reading.views(node)) {
        if (!group.contains(view.base()) && !tree.contains(view.base())) {
          low = Math.max(low, view.low(group.domain().rank()));
        }
      }
    }
    return low;
  }

  private Optional<Apart> outer(Group group, List<Node> tree) {
    Shape shape = tree.getLast().shape();
    int rank = shape.rank();
    if (!options.has(PlanPass.FUSE_REDUCTIONS)) {
      return apart(group, Apart.Reason.PASS_SKIPPED);
    }
    if (group.fixed() != rank || rank >= group.domain().rank()
        || !shape.dims().equals(group.domain().dims().subList(0, rank))) {
      return apart(group, Apart.Reason.DOMAIN);
    }
    for (Node node : tree) {
      if (reading.parts().of(node).isPresent()) {
        return apart(group, Apart.Reason.CUT);
      }
      for (View view : reading.views(node)) {
        boolean outer = group.contains(view.base()) && group.isOuter(view.base())
            && view.isPrefix(rank);
        if (isOf(group, view, tree) && !outer) {
          return apart(group, Apart.Reason.PLACES);
        }
      }
    }
    return Optional.empty();
  }

  /// What keeps a reduction of rows out of a group. (Threads cannot share what ends in one value: much that is elementwise stays
  /// apart from that.)
  Optional<Apart> reduce(Group group, Node node) {
    View view = reading.view(node.operand(0));
    if (!group.contains(view.base()) || !view.isIdentity(group.domain().rank())) {
      return apart(group, Apart.Reason.PLACES);
    }
    boolean shared = node.type().isScalar() && options.has(PlanPass.SHARE_WORK);
    return shared && group.isHeavy(SHARED)
        ? Optional.of(new Apart(group, Apart.Reason.SHARED, group.weight(), Group.HEAVY))
        : rowNode(group, node);
  }

  /// What keeps the pick of an element of each row out of a group.
  Optional<Apart> gather(Group group, Node node) {
    return !options.has(PlanPass.FUSE_REDUCTIONS) ? apart(group, Apart.Reason.PASS_SKIPPED)
        : group.contains(node.operand(0)) ? rowNode(group, node)
            : apart(group, Apart.Reason.PLACES);
  }

  /// The same of a node that makes one value of each row of its operand, a full node of the group.
  private Optional<Apart> rowNode(Group group, Node node) {
    int split = node.shape().rank();
    if (group.kind() != Group.Kind.ROWS) {
      return apart(group, Apart.Reason.OWN_LOOPS);
    }
    if (!node.operand(0).shape().equals(group.domain())
        || group.fixed() != split && group.fixed() != Group.OPEN) {
      return apart(group, Apart.Reason.DOMAIN);
    }
    if (group.fixed() == Group.OPEN && group.low() > split) {
      return Optional.of(new Apart(group, Apart.Reason.ROWS, group.low(), split));
    }
    return size(group, List.of(node));
  }
}
