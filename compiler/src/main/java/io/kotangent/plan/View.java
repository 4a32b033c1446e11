package io.kotangent.plan;

import io.kotangent.ir.Node;
import io.kotangent.ir.Op;
import io.kotangent.type.Dim;
import io.kotangent.type.Shape;
import java.util.ArrayList;
import java.util.List;

/// How an operand is seen from a domain: through the broadcasts above it, down to the node that is really
/// stored or computed.
///
/// @param base what is read
/// @param axes for each axis of the base, the domain axis that it runs along
record View(Node base, List<Integer> axes) {
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
    return new View(base, axes);
  }

  /// The view of a node from its own elements.
  static View identity(Node node) {
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < node.shape().rank(); i++) {
      axes.add(i);
    }
    return new View(node, axes);
  }

  /// Tells which nodes are never stored.
  interface Storable {
    boolean isVirtual(Node node);
  }

  /// Whether it is read at the very element of the domain.
  boolean isIdentity(int rank) {
    return isPrefix(rank);
  }

  /// Whether its axes are exactly the first `rank` axes of the domain.
  boolean isPrefix(int rank) {
    if (axes.size() != rank) {
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
  boolean isOneElement() {
    return base.shape().dims().stream().allMatch(dim -> dim.is(1));
  }

  /// The least split of the domain such that the row either runs along the base contiguously or not at all. (A base of
  /// one element never runs.)
  int low(int domainRank) {
    if (domainRank == 0 || isOneElement()) {
      return 0;
    }
    int split = domainRank - 1;
    boolean along = axes.contains(split);
    while (split > 0 && axes.contains(split - 1) == along) {
      split--;
    }
    return split;
  }

  /// The stride of the base, row-major, along each domain axis; zero where it is repeated.
  List<Dim> strides(int domainRank) {
    List<Dim> strides = new ArrayList<>();
    for (int i = 0; i < domainRank; i++) {
      strides.add(Dim.ZERO);
    }
    Shape shape = base.shape();
    Dim stride = Dim.ONE;
    for (int i = shape.rank() - 1; i >= 0; i--) {
      strides.set(axes.get(i), stride);
      stride = stride.times(shape.dim(i));
    }
    return strides;
  }
}
