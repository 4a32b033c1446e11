package io.kotangent.dsl;

import io.kotangent.autodiff.Gradient;
import io.kotangent.autodiff.Tangent;
import io.kotangent.ir.GraphBuilder;
import io.kotangent.ir.Node;
import io.kotangent.ir.ScalarFn;
import io.kotangent.type.DType;
import io.kotangent.type.Dim;
import io.kotangent.type.Port;
import io.kotangent.type.Role;
import io.kotangent.type.Shape;
import io.kotangent.vmap.Vmap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Matrices of first derivatives: one row (or column) is written for a seed, then all are made by vmap.
final class Jacobians {
  private final Trace trace;
  private final Node y;
  private final Node x;

  private Jacobians(Trace trace, Node y, Node x) {
    this.trace = trace;
    this.y = y;
    this.x = x;
  }

  /// The axes of y, then those of x. Columns are made instead of rows if x has fewer elements.
  ///
  /// @param written whether y is already as it is to be differentiated
  static Value of(Value y, Value x, boolean written) {
    Trace trace = y.trace();
    trace.checkOwn(y);
    trace.checkOwn(x);
    List<Extent> axes = new ArrayList<>(y.axes());
    axes.addAll(x.axes());
    Jacobians jacobians =
        new Jacobians(trace, written ? y.node() : differentiable(y, x.node()), x.node());
    Dim rows = y.node().shape().size();
    Dim columns = x.node().shape().size();
    boolean fewer =
        rows.isConstant() && columns.isConstant() && columns.constant() < rows.constant();
    return trace.node(_ -> fewer ? jacobians.columns(Extent.shape(axes))
        : jacobians.rows(Extent.shape(axes)), axes);
  }

  /// Jacobian times vector.
  static Value along(Value y, Value x, Value tangent) {
    Trace trace = y.trace();
    trace.checkOwn(x);
    Jacobians jacobians = new Jacobians(trace, differentiable(y, x.node()), x.node());
    return trace.node(_ -> jacobians.forward(tangent.node()), y.axes(), y, x, tangent);
  }

  private static Node differentiable(Value y, Node x) {
    return Gradients.stable(y.trace(), y.trace().detours().through(y.node(), x), List.of(x));
  }

  private Node rows(Shape shape) {
    Node seed = seed(y);
    Node row = backward(seed);
    return trace.builder().reshape(all(row, seed), shape);
  }

  private Node columns(Shape shape) {
    Node seed = seed(x);
    Node column = forward(seed);
    Node all = all(column, seed);
    GraphBuilder b = trace.builder();
    Node flat = b.reshape(all, Shape.of(x.shape().size(), y.shape().size()));
    return b.reshape(b.transpose(flat, List.of(1, 0)), shape);
  }

  private Node backward(Node seed) {
    GraphBuilder b = trace.builder();
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < y.type().rank(); i++) {
      axes.add(i);
    }
    Node weighted = b.sum(b.map(ScalarFn.MUL, y, seed), axes);
    return Gradient.gradients(b, "y", weighted, List.of(x)).getFirst();
  }

  /// Where nothing connects them, the way back says where the path breaks.
  private Node forward(Node tangent) {
    return Tangent.jvp(trace.builder(), List.of(y), List.of(x), List.of(tangent)).getFirst()
        .orElseGet(() -> backward(y));
  }

  /// Stands for one row of an identity.
  private Node seed(Node of) {
    return trace.builder().input(
        new Port("seed of " + of.id() + "?", Role.INPUT, of.type()));
  }

  private Node all(Node one, Node seed) {
    GraphBuilder b = trace.builder();
    Dim size = seed.shape().size();
    Shape square = Shape.of(size, size);
    Node diagonal = b.cast(seed.dtype(), b.map(ScalarFn.EQ, b.iota(square, 0, DType.I32),
        b.iota(square, 1, DType.I32)));
    List<Dim> dims = new ArrayList<>(List.of(size));
    dims.addAll(seed.shape().dims());
    Node seeds = b.reshape(diagonal, new Shape(dims));
    return Vmap.batch(b, List.of(one), Map.of(seed, seeds), size).getFirst();
  }
}
