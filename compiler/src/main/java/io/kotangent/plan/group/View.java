package io.kotangent.plan.group;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.plan.op.LayoutLoops;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How an operand is seen from a domain: through the broadcasts above it, and a slice below these, down to the node that is
/// really stored or computed.
///
/// What is stored is read at [#offset] and [#strides]; what is computed where it is read, at the [Course] of its axes. Both account
/// for the cut.
///
/// @param base what is read
/// @param axes for each axis of the base, the domain axis that it runs along
/// @param cut the slice of the base that is seen, if it is not the whole
public record View(Node base, List<Integer> axes, Optional<Node> cut) {
  /// The view of `operand`, whose axis i is the domain's axis i, through broadcasts that are not stored.
  static View of(Node operand, Storable storable) {
    Node base = operand;
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < operand.shape().rank(); i++) {
      axes.add(i);
    }
    while (base.op() instanceof Op.Broadcast(var to, _) && storable.isVirtual(base)) {
      List<Integer> through = new ArrayList<>();
      for (int axis : to) {
        through.add(axes.get(axis));
      }
      axes = through;
      base = base.operand(0);
    }
    boolean cut = base.op() instanceof Op.Slice && storable.isVirtual(base);
    return cut ? new View(base.operand(0), axes, Optional.of(base))
        : new View(base, axes, Optional.empty());
  }

  /// The same of a base whose axes run along other axes of the domain.
  View along(List<Integer> other) {
    return new View(base, axes.stream().map(other::get).toList(), cut);
  }

  /// The view of a node from its own elements.
  public static View identity(Node node) {
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < node.shape().rank(); i++) {
      axes.add(i);
    }
    return new View(node, axes, Optional.empty());
  }

  /// Tells which nodes are never stored.
  interface Storable {
    boolean isVirtual(Node node);
  }

  /// Whether it is read at the very element of the domain.
  public boolean isIdentity(int rank) {
    return isPrefix(rank);
  }

  /// Whether its axes are exactly the first `rank` axes of the domain.
  boolean isPrefix(int rank) {
    if (axes.size() != rank || cut.isPresent()) {
      return false;
    }
    for (int i = 0; i < rank; i++) {
      if (axes.get(i) != i) {
        return false;
      }
    }
    return true;
  }

  /// Whether the base is one element.
  public boolean isOneElement() {
    for (Dim dim : base.shape().dims()) {
      if (!dim.is(1)) {
        return false;
      }
    }
    return true;
  }

  /// The least split of the domain such that the row either runs along the base contiguously or not at all. (A base of
  /// one element never runs.)
  int low(int domainRank) {
    if (domainRank == 0 || isOneElement()) {
      return 0;
    }
    int split = domainRank - 1;
    boolean along = axes.contains(split);
    int least = along ? contiguous() : 0;
    while (split > least && axes.contains(split - 1) == along) {
      split--;
    }
    return split;
  }

  /// Whether it runs along a row of the axes from `first` to `end` of a domain. (Axes of one element do not count where there
  /// are longer ones.)
  public boolean runsAlong(Shape domain, int first, int end) {
    boolean anyLong = false;
    boolean along = false;
    boolean alongLong = false;
    for (int axis = first; axis < end; axis++) {
      boolean isLong = !domain.dim(axis).is(1);
      anyLong |= isLong;
      along |= axes.contains(axis);
      alongLong |= isLong && axes.contains(axis);
    }
    return anyLong ? alongLong : along;
  }

  /// Whether elements of the base lie along such a row as they do in the domain, or one is the same for all of it. It is not so
  /// for a base that runs along some of the axes alone: a row must not be longer than all that it reads can be read.
  public boolean suits(Shape domain, int first, int end) {
    boolean along = runsAlong(domain, first, end);
    for (int axis = first; axis < end; axis++) {
      if (!domain.dim(axis).is(1) && axes.contains(axis) != along) {
        return false;
      }
    }
    return true;
  }

  /// The first axis of the domain from which on what is seen of the base has no gaps.
  private int contiguous() {
    if (cut.isEmpty() || axes.isEmpty()) {
      return 0;
    }
    int run = LayoutLoops.runOf(cut.get(), base, slice().strides());
    return axes.get(Math.min(run, axes.size() - 1));
  }

  /// How the index along an axis of the base follows from the domain's.
  ///
  /// @param axis the axis of the domain
  /// @param start the index where the domain's is 0
  /// @param step how much it grows from one element of the domain to the next
  public record Course(int axis, Dim start, int step) {
  }

  /// The course of an axis of the base.
  public Course course(int baseAxis) {
    return cut.isEmpty() ? new Course(axes.get(baseAxis), Dim.ZERO, 1)
        : new Course(axes.get(baseAxis), slice().starts().get(baseAxis),
            slice().strides().get(baseAxis));
  }

  private Op.Slice slice() {
    return (Op.Slice) cut.orElseThrow().op();
  }

  /// Where the first element that is seen is in the base.
  public Dim offset() {
    Dim offset = Dim.ZERO;
    List<Dim> strides = base.shape().strides();
    for (int i = 0; cut.isPresent() && i < strides.size(); i++) {
      offset = offset.plus(course(i).start().times(strides.get(i)));
    }
    return offset;
  }

  /// The stride of the base, row-major, along each domain axis; zero where it is repeated.
  public List<Dim> strides(int domainRank) {
    List<Dim> strides = new ArrayList<>();
    for (int i = 0; i < domainRank; i++) {
      strides.add(Dim.ZERO);
    }
    List<Dim> inBase = base.shape().strides();
    for (int i = 0; i < inBase.size(); i++) {
      strides.set(axes.get(i), inBase.get(i).times(course(i).step()));
    }
    return strides;
  }
}
