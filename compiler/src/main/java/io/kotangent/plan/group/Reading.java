package io.kotangent.plan.group;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.ir.ScalarFn;
import io.kotangent.plan.PlanOptions;
import io.kotangent.plan.PlanPass;
import io.kotangent.plan.op.LayoutLoops;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/// How nodes are read: which are never stored but computed by whoever reads them, and what is seen through them.
///
/// *Virtual* nodes are broadcasts, slices with long runs, indices, sizes and what follows from sizes alone. A *deferred* node is a check
/// whose only reader reduces it to one bool, element by element.
public final class Reading {
  /// The shortest runs of a slice that are read where they are.
  private static final int RUN = 32;

  private final PlanOptions options;
  private final Uses uses;
  private final ConcatParts parts;
  private final Set<Node> virtual = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Node> deferred = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<Node, List<View>> views = new IdentityHashMap<>();

  Reading(Uses uses, PlanOptions options) {
    this.uses = uses;
    this.options = options;
    this.parts = options.has(PlanPass.CONCAT_IN_PLACE) ? ConcatParts.of(uses)
        : ConcatParts.none(uses);
    uses.schedule().forEach(this::findVirtual);
  }

  /// Reshapes are their operand's elements.
  public static Node base(Node node) {
    Node base = node;
    while (base.op() instanceof Op.Reshape) {
      base = base.operand(0);
    }
    return base;
  }

  /// Whether a node is computed where it is read, and never stored.
  boolean isVirtual(Node node) {
    return virtual.contains(node) || deferred.contains(node);
  }

  public boolean isDeferred(Node node) {
    return deferred.contains(node);
  }

  /// Which nodes are computed within the array of a concatenation.
  public ConcatParts parts() {
    return parts;
  }

  /// How an operand of the reader's shape is seen from the reader's elements.
  public View view(Node operand) {
    return View.of(operand, virtual::contains);
  }

  /// How the operands of a lane node or reduction are seen from the elements that it goes over.
  public List<View> views(Node reader) {
    return views.computeIfAbsent(reader, this::findViews);
  }

  private List<View> findViews(Node reader) {
    if (reader.op() instanceof Op.Broadcast(var axes, _)) {
      View view = view(reader.operand(0));
      return List.of(view.along(axes));
    }
    List<View> found = new ArrayList<>();
    reader.operands().forEach(o -> found.add(view(o)));
    return found;
  }

  /// Whether it is not computed at all: a port, a constant, another node's elements under a new shape, or part of a tuple.
  boolean isStored(Node node) {
    return node.op() instanceof Op.Input || node.op() instanceof Op.Constant
        || node.op() instanceof Op.Reshape
        || node.op() instanceof Op.Item;
  }

  private void findVirtual(Node node) {
    boolean cheap = switch (node.op()) {
      case Op.Broadcast _, Op.Iota _, Op.Size _ -> true;
      case Op.Lane _ -> isOfSizes(node);
      case Op.Slice slice -> isReadInPlace(node, slice);
      case Op.Source _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ -> false;
    };
    if (cheap && options.has(PlanPass.FUSE_ELEMENTWISE)
        && uses.of(node).stream().allMatch(this::readsElementwise)
        && !uses.isRoot(node)) {
      virtual.add(node);
    }
    if (isDeferrable(node) || node.applies(ScalarFn.ABS) && uses.of(node).size() == 1
        && isDeferrable(uses.of(node).getFirst())) {
      deferred.add(node);
    }
  }

  /// Whether it is a check of what is in memory, of which only whether it holds throughout is wanted.
  private boolean isDeferrable(Node node) {
    if (limitOf(node).isEmpty() || !options.has(PlanPass.FUSE_SCALARS) || isReadElsewhere(node)
        || !RowOps.isToScalar(uses.of(node).getFirst())) {
      return false;
    }
    boolean magnitude = node.applies(ScalarFn.LT);
    return isStoredThroughout(checked(node)) && !(magnitude && isReadElsewhere(node.operand(0)));
  }

  private boolean isReadElsewhere(Node node) {
    return uses.of(node).size() != 1 || uses.isRoot(node);
  }

  /// What a check looks at.
  public static Node checked(Node check) {
    return check.applies(ScalarFn.LT) ? check.operand(0).operand(0) : check.operand(0);
  }

  /// Below which power of two elements must stay in `|x| < limit`; infinity in `is_finite x`.
  public static OptionalDouble limitOf(Node node) {
    if (node.applies(ScalarFn.IS_FINITE)) {
      return OptionalDouble.of(Double.POSITIVE_INFINITY);
    }
    if (!node.applies(ScalarFn.LT) || !node.operand(0).applies(ScalarFn.ABS)
        || !node.operand(0).dtype().isFloat()) {
      return OptionalDouble.empty();
    }
    Node limit = node.operand(1).op() instanceof Op.Broadcast ? node.operand(1).operand(0)
        : node.operand(1);
    return limit.op() instanceof Op.Constant(var literal) && literal.length() == 1
        && literal.real(0) > 1
        && literal.real(0) == Math.scalb(1.0, Math.getExponent(literal.real(0)))
            ? OptionalDouble.of(literal.real(0)) : OptionalDouble.empty();
  }

  /// Whether the elements of a slice are read where they are: long runs of them lie together, so that rows are no shorter than
  /// what a copy would move at once.
  private boolean isReadInPlace(Node node, Op.Slice slice) {
    Node from = node.operand(0);
    if (!options.has(PlanPass.READ_SLICES) || virtual.contains(from) || node.shape().rank() == 0) {
      return false;
    }
    int run = LayoutLoops.runOf(node, from, slice.strides());
    return isLong(node.shape(), run);
  }

  /// Whether the elements from an axis of a shape inwards are so many that moving them does not pay, nor makes it them longer rows.
  static boolean isLong(Shape shape, int axis) {
    long length = 1;
    for (Dim dim : shape.dims().subList(axis, shape.rank())) {
      length *= dim.isConstant() ? dim.constant() : 1;
    }
    return length >= RUN;
  }

  /// Whether a scalar follows from sizes and constants alone (1 / batch): each kernel computes it for itself, so that no
  /// kernel has to wait for another.
  private boolean isOfSizes(Node node) {
    boolean throwing = node.dtype().isInteger();
    return node.type().isScalar() && !throwing
        && node.operands().stream().allMatch(this::isComputed);
  }

  /// Whether a value is made on the spot by whoever reads it.
  public boolean isComputed(Node base) {
    return switch (base.op()) {
      case Op.Iota _, Op.Size _ -> true;
      case Op.Constant(var value) -> value.type().isScalar();
      case Op.Lane _ -> virtual.contains(base);
      case Op.Source _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ -> false;
    };
  }

  /// Whether an operand will surely be in memory (a deferred node reads it from there).
  private boolean isStoredThroughout(Node node) {
    return switch (node.op()) {
      case Op.Broadcast _, Op.Iota _, Op.Size _ -> false;
      case Op.Constant(var value) -> value.type().rank() > 0;
      case Op.Slice _ -> !virtual.contains(node);
      case Op.Source _, Op.Lane _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ -> true;
    };
  }

  /// Whether a node reads its operands element by element, so that they need not be stored for it.
  private boolean readsElementwise(Node reader) {
    return switch (reader.op()) {
      case Op.Lane _, Op.Broadcast _ -> true;
      case Op.Source _, Op.Layout _, Op.Indexing _, Op.Sum _, Op.Control _, Op.Item _ -> false;
    };
  }

  /// Whether reading the node means reading its (first) operand's array.
  public boolean isThrough(Node node) {
    return !node.operands().isEmpty() && (virtual.contains(node) || deferred.contains(node)
        || node.op() instanceof Op.Reshape || node.op() instanceof Op.Item);
  }
}
